'use strict';

/** Milliseconds each part of the order path takes, without the network: the service is switched off. */
var Transaction = require('dw/system/Transaction');
var orders = require('rig/orders');
var world = require('rig/world');

var CORE = 'int_conversion_bridge/cartridge/scripts/conversionBridge/';

function core(name) {
    return require(CORE + name);
}

function timed(work) {
    var started = java.lang.System.nanoTime();
    var value = work();
    return { value: value, milliseconds: (java.lang.System.nanoTime() - started) / 1e6 };
}

/** @returns {Object} milliseconds by part for one order */
exports.measure = function (record, capture, secret) {
    orders.add([record]);
    var order = world.orders[record.plain.orderNo];
    var site = timed(function () { return core('currentSite').read(); });
    var kept = timed(function () {
        Transaction.wrap(function () { core('snapshot').take(order, capture, site.value); });
    });
    var judged = timed(function () { return core('verdict').on(order, site.value, new Date()); });
    var built = timed(function () { return core('payload').order(order, site.value); });
    var written = timed(function () { return core('message').one(built.value); });
    var signed = timed(function () { return core('signature').headers(written.value, secret, new Date()); });
    return {
        settings: site.milliseconds,
        snapshot: kept.milliseconds,
        eligibility: judged.milliseconds,
        payload: built.milliseconds,
        json: written.milliseconds,
        signature: signed.milliseconds
    };
};
