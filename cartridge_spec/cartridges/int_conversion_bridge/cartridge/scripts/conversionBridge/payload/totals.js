'use strict';

var values = require('*/cartridge/scripts/conversionBridge/payload/values');

/**
 * @param {dw.order.Order} order - placed
 * @returns {Object} the contract's `totals`, gross and net both explicit whatever the site's taxation is
 */
exports.of = function (order) {
    return {
        gross: values.amount(order.totalGrossPrice),
        net: values.amount(order.totalNetPrice),
        tax: values.amount(order.totalTax),
        shipping: values.amount(order.adjustedShippingTotalGrossPrice),
        merchandise: values.amount(order.adjustedMerchandizeTotalGrossPrice),
        discount: discount(order),
        gift_certificate: paidWithGiftCertificates(order)
    };
};

function discount(order) {
    return values.rounded(
        reduction(order.merchandizeTotalGrossPrice, order.adjustedMerchandizeTotalGrossPrice)
        + reduction(order.shippingTotalGrossPrice, order.adjustedShippingTotalGrossPrice)
    );
}

function reduction(before, after) {
    return before && after && before.available && after.available ? before.value - after.value : 0;
}

// Certificates that were bought are lines; these here were used to pay.
function paidWithGiftCertificates(order) {
    var paid = values.list(order.giftCertificatePaymentInstruments).map(function (instrument) {
        return values.amount(instrument.paymentTransaction && instrument.paymentTransaction.amount) || 0;
    });
    return values.rounded(paid.reduce(function (sum, amount) { return sum + amount; }, 0));
}
