'use strict';

var values = require('*/cartridge/scripts/conversionBridge/payload/values');

var LINES_LIMIT = 1000;

/**
 * Main lines only: the price of an option is added to its product's line, the parts of a bundle are in the
 * bundle's price. Bonus products are lines with amount 0. Gift certificates bought are lines without an id.
 *
 * @param {dw.order.Order} order - placed
 * @param {string} taxation - `net` or `gross`
 * @returns {Object[]} the contract's `lines`
 */
exports.of = function (order, taxation) {
    var products = values.list(order.allProductLineItems).filter(function (line) {
        return !line.optionProductLineItem && !line.bundledProductLineItem;
    });
    var certificates = values.list(order.giftCertificateLineItems);
    return products
        .map(function (line) { return productLine(line, taxation); })
        .concat(certificates.map(certificateLine))
        .slice(0, LINES_LIMIT);
};

function productLine(line, taxation) {
    var product = line.product;
    var price = withOptions(line, taxation);
    var storeId = values.text(values.custom(line.shipment, 'fromStoreId') || values.custom(line, 'fromStoreId'));
    return {
        product_id: values.text(line.productID),
        sku: product ? values.text(product.manufacturerSKU) : null,
        group_id: product && product.variant ? values.text(product.masterProduct.ID) : null,
        gtin: product ? values.text(product.EAN || product.UPC) : null,
        name: values.text(line.productName),
        brand: values.text(product ? product.brand : line.manufacturerName),
        category: values.text(line.categoryID || primaryCategory(product)),
        quantity: line.quantityValue > 0 ? values.rounded(line.quantityValue) : null,
        gross: price.gross,
        net: price.net,
        fulfilment: fulfilment(line.shipment, storeId),
        store_id: storeId,
        shipment: line.shipment ? values.text(line.shipment.ID) : null
    };
}

function certificateLine(line) {
    return {
        product_id: null,
        name: 'Gift certificate',
        quantity: 1,
        gross: values.amount(line.grossPrice),
        net: values.amount(line.netPrice),
        fulfilment: 'digital',
        shipment: line.shipment ? values.text(line.shipment.ID) : null
    };
}

function primaryCategory(product) {
    var category = product ? product.primaryCategory : null;
    return category ? category.ID : null;
}

function fulfilment(shipment, storeId) {
    if (storeId || values.custom(shipment, 'shipmentType') === 'instore') { return 'in_store'; }
    return shipment && shipment.shippingAddress ? 'home_delivery' : null;
}

function withOptions(line, taxation) {
    return values.list(line.optionProductLineItems)
        .map(function (option) { return discounted(option, taxation); })
        .reduce(sum, discounted(line, taxation));
}

function sum(left, right) {
    return {
        gross: values.rounded((left.gross || 0) + (right.gross || 0)),
        net: values.rounded((left.net || 0) + (right.net || 0))
    };
}

/*
 * The prorated price holds every discount, those on the whole order too, but follows the site's taxation.
 * The adjusted prices are explicit in both, but miss those on the whole order: both are reduced by the
 * share that is missing.
 */
function discounted(line, taxation) {
    var gross = values.amount(line.adjustedGrossPrice);
    var net = values.amount(line.adjustedNetPrice);
    var prorated = values.amount(line.proratedPrice);
    var adjusted = taxation === 'net' ? net : gross;
    if (prorated === null || !adjusted || prorated === adjusted) { return { gross: gross, net: net }; }
    var share = prorated / adjusted;
    return {
        gross: taxation === 'gross' ? prorated : scaled(gross, share),
        net: taxation === 'net' ? prorated : scaled(net, share)
    };
}

function scaled(amount, share) {
    return amount === null ? null : values.rounded(amount * share);
}
