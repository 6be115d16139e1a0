'use strict';

/** What the job does with cancellations and refunds of orders that were sent. */
var OrderMgr = require('dw/order/OrderMgr');
var Transaction = require('dw/system/Transaction');
var BatchSender = require('*/cartridge/scripts/conversionBridge/batchSender');
var adjustments = require('*/cartridge/scripts/conversionBridge/adjustments');
var attributes = require('*/cartridge/scripts/conversionBridge/attributes');
var log = require('*/cartridge/scripts/conversionBridge/log');
var message = require('*/cartridge/scripts/conversionBridge/message');
var orderState = require('*/cartridge/scripts/conversionBridge/orderState');
var payload = require('*/cartridge/scripts/conversionBridge/payload');
var statuses = require('*/cartridge/scripts/conversionBridge/payload/statuses');
var values = require('*/cartridge/scripts/conversionBridge/payload/values');

var STATUS = attributes.STATUS;

/**
 * @param {Object} site - from currentSite.js
 * @param {number} batch - documents in one call at most
 * @param {Date} now - of this run
 */
function AdjustmentRun(site, batch, now) {
    this.site = site;
    this.now = now;
    this.sender = new BatchSender(site, batch);
    this.counts = { seen: 0, due: 0, sent: 0, failed: 0, pending: 0 };
}

/** @param {dw.order.Order} order - changed lately */
AdjustmentRun.prototype.consider = function (order) {
    if (this.sender.halted || orderState.status(order) !== STATUS.SENT) { return; }
    this.counts.seen += 1;
    try {
        var change = adjustments.due(factsOf(order), values.instant(this.now));
        if (change) { this.send(order, change); }
    } catch (thrown) {
        this.counts.failed += 1;
        log.failed('adjustment', order, thrown);
    }
};

/** Sends the last batch. */
AdjustmentRun.prototype.finish = function () {
    this.sender.flush();
};

AdjustmentRun.prototype.send = function (order, change) {
    var run = this;
    var orderNo = order.orderNo;
    this.counts.due += 1;
    Transaction.wrap(function () { order.custom.cbAdjustment = JSON.stringify(change); });
    this.sender.add({
        json: message.json(payload.adjustment(order, this.site, change)),
        settle: function (told) { run.settle(OrderMgr.getOrder(orderNo), change, told); }
    });
};

AdjustmentRun.prototype.settle = function (order, change, told) {
    this.counts[told.status] += 1;
    log.told(order, told);
    if (told.status === STATUS.PENDING) { return; }
    var now = this.now;
    Transaction.wrap(function () {
        // Refused for good counts as told too, or it would be sent for ever; the reason stays on the order.
        order.custom.cbReason = change.kind + ' ' + told.status + ': ' + told.reason;
        order.custom.cbAdjustment = null;
        if (change.kind === 'cancellation') { order.custom.cbCancelledAt = now; }
        if (change.kind === 'refund') { order.custom.cbRefundedAmount = change.refunded; }
    });
};

/** Reading the refunded amount may throw where invoices are not used: only a refund needs it. */
function factsOf(order) {
    var kept = order.custom;
    var status = statuses.of(order).order;
    return {
        orderNo: order.orderNo,
        status: status,
        refunded: status === 'cancelled' || kept.cbAdjustment ? null : values.amount(order.refundedAmount),
        kept: {
            open: kept.cbAdjustment ? JSON.parse(kept.cbAdjustment) : null,
            refunded: kept.cbRefundedAmount || 0,
            cancelledAt: kept.cbCancelledAt
        }
    };
}

module.exports = AdjustmentRun;
