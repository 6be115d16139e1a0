'use strict';

/**
 * Job step custom.ConversionBridgeAdjust: cancellations and refunds of orders that were sent. Run it every hour
 * for each site. Refunds are seen where invoices of SFCC hold them (`order.refundedAmount`); those of an order
 * management or payment system go to the bridge from there.
 */
var HOUR = 3600000;
var QUERY = 'lastModified >= {0} AND custom.cbStatus = {1}';

/**
 * @param {Object} parameters - ChangedHours (how far back to look for changed orders), BatchSize
 * @returns {dw.system.Status} OK with a code that says how it went
 */
exports.execute = function (parameters) {
    var OrderMgr = require('dw/order/OrderMgr');
    var AdjustmentRun = require('*/cartridge/scripts/conversionBridge/adjustmentRun');
    var ending = require('*/cartridge/scripts/conversionBridge/ending');
    var site = require('*/cartridge/scripts/conversionBridge/currentSite').read();
    if (!site.settings.cbEnabled || !site.settings.cbAdjustments) { return ending.disabled(); }

    var now = new Date();
    var run = new AdjustmentRun(site, parameters.BatchSize || 50, now);
    OrderMgr.processOrders(
        function (order) { run.consider(order); },
        QUERY,
        new Date(now.getTime() - (parameters.ChangedHours || 336) * HOUR),
        'sent'
    );
    run.finish();
    return ending.of('adjust', run);
};
