'use strict';

/**
 * Stand-ins for dw.order.Order, made from JSON records (see order_records.py). Only what cartridges read, and
 * with SFCC's types: Money, EnumValue, Collection, persistent custom attributes.
 */
var ArrayList = require('dw/util/ArrayList');
var EnumValue = require('dw/value/EnumValue');
var Money = require('dw/value/Money');
var accessors = require('rig/accessors');
var attributes = require('int_conversion_bridge/cartridge/scripts/conversionBridge/attributes');
var customAttributes = require('rig/customAttributes');
var orderSearch = require('rig/orderSearch');
var world = require('rig/world');

var SHIPMENT_ATTRIBUTES = { shipmentType: 'string', fromStoreId: 'string' };

function moneys(amounts, currency) {
    var made = {};
    Object.keys(amounts).forEach(function (name) { made[name] = new Money(amounts[name], currency); });
    return made;
}

function merged(target, source) {
    Object.keys(source).forEach(function (name) { target[name] = source[name]; });
    return target;
}

function address(record) {
    if (!record) { return null; }
    var made = merged({}, record);
    made.countryCode = record.countryCode ? new EnumValue(record.countryCode) : null;
    return accessors(made);
}

function shipment(record) {
    return accessors({
        ID: record.ID,
        shippingAddress: address(record.shippingAddress),
        custom: customAttributes.make(SHIPMENT_ATTRIBUTES, record.custom)
    });
}

function productLine(record, shipments, currency) {
    var line = merged({ optionProductLineItem: false, bundledProductLineItem: false }, record);
    merged(line, moneys(record.prices, currency));
    line.shipment = shipments[record.shipment || 0] || null;
    line.product = record.product || null;
    line.optionProductLineItems = new ArrayList((record.options || []).map(function (option) {
        return productLine(merged({ optionProductLineItem: true }, option), shipments, currency);
    }));
    line.bundledProductLineItems = new ArrayList((record.parts || []).map(function (part) {
        return productLine(merged({ bundledProductLineItem: true }, part), shipments, currency);
    }));
    return accessors(line);
}

function withDependents(lines) {
    return lines.reduce(function (all, line) {
        return all.concat([line], line.optionProductLineItems.toArray(), line.bundledProductLineItems.toArray());
    }, []);
}

function certificateLine(record, shipments, currency) {
    return accessors(merged({ shipment: shipments[0] || null }, moneys(record, currency)));
}

function instrument(amount, currency) {
    return accessors({ paymentTransaction: accessors({ amount: new Money(amount, currency) }) });
}

/**
 * The customer's other orders, each with status and creationDate; SFCC takes three comparisons at most. None can be
 * read where there is no list.
 */
function historyOf(records) {
    return {
        getOrders: function (query) {
            if (query.split(' AND ').length > 3) { throw new Error('at most 3 expressions'); }
            var orders = records.map(function (record) {
                return { status: new EnumValue(record.status), creationDate: new Date(record.creationDate) };
            });
            return orderSearch.iterator(orders, query, Array.prototype.slice.call(arguments, 2));
        }
    };
}

function customer(record) {
    if (!record) { return null; }
    var profile = record.profile ? merged({}, record.profile) : null;
    if (profile && profile.birthday) {
        var parts = profile.birthday.split('-').map(Number);
        profile.birthday = new Date(parts[0], parts[1] - 1, parts[2]);
    }
    return accessors({ registered: record.registered, profile: profile, orderHistory: historyOf(record.earlierOrders) });
}

function fill(order, record) {
    var currency = record.currencyCode;
    var shipments = record.shipments.map(shipment);
    var lines = record.productLineItems.map(function (line) { return productLine(line, shipments, currency); });
    merged(order, moneys(record.totals, currency));
    order.shipments = new ArrayList(shipments);
    order.defaultShipment = shipments[0] || null;
    order.allProductLineItems = new ArrayList(withDependents(lines));
    order.productLineItems = new ArrayList(lines);
    order.couponLineItems = new ArrayList(record.coupons.map(function (code) { return { couponCode: code }; }));
    order.giftCertificateLineItems = new ArrayList(record.giftCertificates.map(function (line) {
        return certificateLine(line, shipments, currency);
    }));
    order.giftCertificatePaymentInstruments = new ArrayList(record.giftCertificatePayments.map(function (amount) {
        return instrument(amount, currency);
    }));
}

/** @returns {Object} the order of this record, not yet found by anybody */
exports.make = function (record) {
    var order = merged({}, record.plain);
    ['status', 'confirmationStatus', 'paymentStatus', 'channelType'].forEach(function (name) {
        order[name] = record.enums[name] === null ? null : new EnumValue(record.enums[name]);
    });
    order.creationDate = new Date(record.creationDate);
    if (isNaN(order.creationDate)) { throw new Error('not a time: ' + record.creationDate); }
    order.lastModified = new Date();
    order.currencyCode = record.currencyCode;
    order.billingAddress = address(record.billingAddress);
    order.customer = customer(record.customer);
    order.refundedAmount = new Money(record.refunded, record.currencyCode);
    order.custom = customAttributes.make(attributes.ORDER, record.custom);
    fill(order, record);
    return accessors(order);
};

/** Puts orders into the instance, as an import or another storefront would. */
exports.add = function (records) {
    records.forEach(function (record) { world.orders[record.plain.orderNo] = exports.make(record); });
};

/** Changes single members of an order outside of any cartridge: a refund, a status set by hand. */
exports.change = function (orderNo, changes) {
    var order = world.orders[orderNo];
    if ('refunded' in changes) { order.refundedAmount = new Money(changes.refunded, order.currencyCode); }
    if ('gross' in changes) { order.totalGrossPrice = new Money(changes.gross, order.currencyCode); }
    ['status', 'confirmationStatus', 'paymentStatus'].forEach(function (name) {
        if (name in changes) { order[name].value = changes[name]; }
    });
};
