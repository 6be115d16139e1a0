'use strict';

/**
 * Job step custom.ConversionBridgeSweep: every order that is to be sent and was not, whichever way it came
 * in. The guarantee behind the fast call; run it every 5 to 15 minutes for each site.
 *
 * Modules are required when the step runs: one that does not load would keep the step from being registered.
 */
var HOUR = 3600000;
// Past the lookback, so that what waited too long is seen once more and marked.
var MARGIN = 48 * HOUR;
var QUERY = 'creationDate >= {0} AND (custom.cbStatus = {4}'
    + ' OR (custom.cbStatus = NULL AND (status = {1} OR status = {2} OR status = {3})))'
    + ' AND (custom.cbNextAttemptAt = NULL OR custom.cbNextAttemptAt <= {5})';

/**
 * @param {Object} parameters - MaxOrders, BatchSize, GraceMinutes
 * @returns {dw.system.Status} OK with a code that says how it went: see steptypes.json
 */
exports.execute = function (parameters) {
    var Order = require('dw/order/Order');
    var OrderMgr = require('dw/order/OrderMgr');
    var OrderRun = require('*/cartridge/scripts/conversionBridge/orderRun');
    var ending = require('*/cartridge/scripts/conversionBridge/ending');
    var site = require('*/cartridge/scripts/conversionBridge/currentSite').read();
    if (!site.settings.cbEnabled) { return ending.disabled(); }

    var now = new Date();
    var run = new OrderRun(site, {
        orders: parameters.MaxOrders || 1000,
        batch: parameters.BatchSize || 50,
        graceMinutes: parameters.GraceMinutes === 0 ? 0 : parameters.GraceMinutes || 10,
        dryRun: false
    }, now);
    OrderMgr.processOrders(
        function (order) { run.consider(order); },
        QUERY,
        new Date(now.getTime() - site.settings.cbLookbackHours * HOUR - MARGIN),
        Order.ORDER_STATUS_NEW,
        Order.ORDER_STATUS_OPEN,
        Order.ORDER_STATUS_COMPLETED,
        'pending',
        now
    );
    run.finish();
    return ending.of('sweep', run);
};
