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
    var price = withOptions(line, taxation);
    var shipment = line.shipment;
    var storeId = values.text(values.custom(shipment, 'fromStoreId') || values.custom(line, 'fromStoreId'));
    var made = line.product ? fromCatalogue(line.product) : { brand: values.text(line.manufacturerName) };
    made.product_id = values.text(line.productID);
    made.name = values.text(line.productName);
    made.category = values.text(line.categoryID) || made.category || null;
    made.quantity = line.quantityValue > 0 ? values.rounded(line.quantityValue) : null;
    made.gross = price.gross;
    made.net = price.net;
    made.fulfilment = fulfilment(shipment, storeId);
    made.store_id = storeId;
    made.shipment = shipment ? values.text(shipment.ID) : null;
    return made;
}

// A product may have been deleted since it was bought.
function fromCatalogue(product) {
    return {
        sku: values.text(product.manufacturerSKU),
        group_id: product.variant ? values.text(product.masterProduct.ID) : null,
        gtin: values.text(product.EAN || product.UPC),
        brand: values.text(product.brand),
        category: product.primaryCategory ? values.text(product.primaryCategory.ID) : null
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
