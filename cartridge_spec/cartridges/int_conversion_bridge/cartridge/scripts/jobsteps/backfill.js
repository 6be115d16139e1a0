'use strict';

/**
 * Job step custom.ConversionBridgeBackfill: orders from before the installation, and with `Again` those that
 * ended failed or skipped, after what was wrong has been mended. Run it by hand.
 */
var YEARS = 10 * 365 * 24;
var QUERY = 'creationDate >= {0} AND creationDate < {1} AND (status = {2} OR status = {3} OR status = {4})';

/**
 * @param {Object} parameters - From, To (exclusive; now when absent), Again, DryRun, MaxOrders, BatchSize
 * @returns {dw.system.Status} OK with a code that says how it went, ERROR when the times make no sense
 */
exports.execute = function (parameters) {
    var Order = require('dw/order/Order');
    var OrderMgr = require('dw/order/OrderMgr');
    var OrderRun = require('*/cartridge/scripts/conversionBridge/orderRun');
    var ending = require('*/cartridge/scripts/conversionBridge/ending');
    var site = require('*/cartridge/scripts/conversionBridge/currentSite').read();
    var now = new Date();
    var from = new Date(parameters.From);
    var to = parameters.To ? new Date(parameters.To) : now;
    if (!site.settings.cbEnabled) { return ending.disabled(); }
    if (!(from < to)) { return ending.wrong('From must be a time before To'); }

    // How old an order may be is for each platform's window to say, in the bridge.
    site.settings.cbLookbackHours = YEARS;
    site.settings.cbOrdersFrom = 0;
    var run = new OrderRun(site, limits(parameters), now);
    OrderMgr.processOrders(
        function (order) {
            if (parameters.Again && !parameters.DryRun && !run.isOver()) { again(order, site, now); }
            run.consider(order);
        },
        QUERY, from, to, Order.ORDER_STATUS_NEW, Order.ORDER_STATUS_OPEN, Order.ORDER_STATUS_COMPLETED
    );
    run.finish();
    return ending.of('backfill', run);
};

function limits(parameters) {
    return {
        orders: parameters.MaxOrders || 10000,
        batch: parameters.BatchSize || 50,
        graceMinutes: 10,
        dryRun: Boolean(parameters.DryRun)
    };
}

/** What would be left out once more stays as it is, with its own reason. */
function again(order, site, now) {
    var orderState = require('*/cartridge/scripts/conversionBridge/orderState');
    var verdict = require('*/cartridge/scripts/conversionBridge/verdict');
    var status = orderState.status(order);
    var ended = status === 'failed' || status === 'skipped';
    if (ended && verdict.anew(order, site, now).verdict === 'send') { orderState.requeue(order); }
}
