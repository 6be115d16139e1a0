'use strict';

/**
 * One call for a storefront to make when an order is placed: keep what this request knows, then try at once.
 * Also behind the hook `app.conversion.bridge.order.placed`. Never throws, returns nothing.
 */
var Transaction = require('dw/system/Transaction');
var currentSite = require('*/cartridge/scripts/conversionBridge/currentSite');
var fastCall = require('*/cartridge/scripts/conversionBridge/fastCall');
var log = require('*/cartridge/scripts/conversionBridge/log');
var snapshot = require('*/cartridge/scripts/conversionBridge/snapshot');

/**
 * @param {dw.order.Order} order - placed
 * @param {Object|null} capture - as snapshot.js describes it; null for an order without a shopper's browser
 */
exports.placed = function (order, capture) {
    try {
        var site = currentSite.read();
        if (!site.settings.cbEnabled) { return; }
        Transaction.wrap(function () { snapshot.take(order, capture, site); });
    } catch (thrown) {
        log.failed('snapshot', order, thrown);
        return;
    }
    fastCall.send(order);
};
