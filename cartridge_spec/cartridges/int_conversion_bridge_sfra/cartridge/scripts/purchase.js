'use strict';

/* global session */

var consent = require('*/cartridge/scripts/conversionBridge/consent');
var currentSite = require('*/cartridge/scripts/conversionBridge/currentSite');
var eventId = require('*/cartridge/scripts/conversionBridge/eventId');
var permission = require('*/cartridge/scripts/conversionBridge/capture/permission');
var preferences = require('*/cartridge/scripts/conversionBridge/preferences');
var settings = require('*/cartridge/scripts/conversionBridge/capture/settings');

function productIds(order) {
    return order.productLineItems.toArray().map(function (line) {
        return line.productID;
    });
}

function firstView(order) {
    var isFirst = session.privacy.cbPixelOrder !== order.orderNo;
    session.privacy.cbPixelOrder = order.orderNo;
    return isFirst;
}

function mayFire() {
    return preferences.read('cbPixelPurchase')
        && permission.toKeep(consent.read(), settings.current()) === 'granted';
}

/**
 * What the tags of the confirmation page need to report the same event as the server. Nothing in it is
 * personal. A page that is loaded again says so: a platform forgets the event id after two days.
 * @param {dw.order.Order} order - the page's
 * @returns {Object} event_id, order_id, value, currency, content_ids, repeated, and whether our script
 *     fires the pixel
 */
function of(order) {
    var isFirst = firstView(order);
    return {
        event_id: eventId.of(order, currentSite.read()),
        order_id: order.orderNo,
        value: order.totalGrossPrice.value,
        currency: order.currencyCode,
        content_ids: productIds(order),
        repeated: !isFirst,
        pixel: isFirst && mayFire()
    };
}

module.exports = { of: of };
