'use strict';

/**
 * One call while the shopper waits: best effort, the sweep is the guarantee. Never throws, returns nothing,
 * makes one HTTP call at most, and that is limited by `cbTimeoutMs` (SFCC counts it for connecting and for
 * reading, each).
 */
var currentSite = require('*/cartridge/scripts/conversionBridge/currentSite');
var log = require('*/cartridge/scripts/conversionBridge/log');
var message = require('*/cartridge/scripts/conversionBridge/message');
var orderState = require('*/cartridge/scripts/conversionBridge/orderState');
var outcome = require('*/cartridge/scripts/conversionBridge/outcome');
var payload = require('*/cartridge/scripts/conversionBridge/payload');
var service = require('*/cartridge/scripts/conversionBridge/service');
var verdict = require('*/cartridge/scripts/conversionBridge/verdict');

/**
 * @param {dw.order.Order} order - placed, its snapshot committed; call it outside of a transaction
 */
exports.send = function (order) {
    try {
        attempt(order, currentSite.read(), new Date());
    } catch (thrown) {
        log.failed('fast call', order, thrown);
    }
};

function attempt(order, site, now) {
    // Without a committed snapshot another call would say another time of placement: the sweep is to do it.
    if (!site.settings.cbRealtime || orderState.status(order) !== 'pending') { return; }
    var judged = verdict.on(order, site, now);
    if (judged.verdict === 'skip') { orderState.skip(order, judged.reason); }
    if (judged.verdict !== 'send') { return; }
    var told = call(order, site);
    log.told(order, told);
    orderState.settle(order, told, now);
}

function call(order, site) {
    try {
        var signed = message.one(payload.order(order, site));
        return outcome.ofResult(service.post(service.REALTIME, signed, site.settings));
    } catch (thrown) {
        log.failed('call', order, thrown);
        return outcome.OF_ERROR;
    }
}
