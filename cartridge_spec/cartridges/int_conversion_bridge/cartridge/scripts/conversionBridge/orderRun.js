'use strict';

/** What a job does with the orders of its window: judge each, send what is due, keep what came of it. */
var OrderMgr = require('dw/order/OrderMgr');
var BatchSender = require('*/cartridge/scripts/conversionBridge/batchSender');
var log = require('*/cartridge/scripts/conversionBridge/log');
var message = require('*/cartridge/scripts/conversionBridge/message');
var orderState = require('*/cartridge/scripts/conversionBridge/orderState');
var outcome = require('*/cartridge/scripts/conversionBridge/outcome');
var payload = require('*/cartridge/scripts/conversionBridge/payload');
var verdict = require('*/cartridge/scripts/conversionBridge/verdict');

/**
 * @param {Object} site - from currentSite.js
 * @param {Object} limits - orders (in this run), batch (in one call), graceMinutes (for orders nobody has
 *     looked at yet: their snapshot may be under way), dryRun
 * @param {Date} now - of this run
 */
function OrderRun(site, limits, now) {
    this.site = site;
    this.limits = limits;
    this.now = now;
    this.sender = new BatchSender(site, limits.batch);
    this.counts = { seen: 0, waiting: 0, skipped: 0, due: 0, sent: 0, failed: 0, pending: 0 };
}

/**
 * For OrderMgr.processOrders, which cannot be stopped: once the run is full or halted it only returns. Judges
 * by the order itself, since the search index that found it may be behind.
 *
 * @param {dw.order.Order} order - of the window
 */
OrderRun.prototype.consider = function (order) {
    if (this.isOver()) { return; }
    this.counts.seen += 1;
    try {
        this.act(order, this.judge(order));
    } catch (thrown) {
        log.failed('sweep', order, thrown);
        if (!this.limits.dryRun) { this.settle(order, outcome.OF_ERROR); }
    }
};

/** @returns {boolean} whether the run is full, or halted because the bridge cannot take orders now */
OrderRun.prototype.isOver = function () {
    return this.sender.halted || this.counts.due >= this.limits.orders;
};

/** Sends the last batch. */
OrderRun.prototype.finish = function () {
    this.sender.flush();
};

OrderRun.prototype.judge = function (order) {
    var age = this.now.getTime() - order.creationDate.getTime();
    var fresh = orderState.status(order) === null && age < this.limits.graceMinutes * 60000;
    return fresh ? { verdict: 'wait', reason: 'fresh' } : verdict.on(order, this.site, this.now);
};

OrderRun.prototype.act = function (order, judged) {
    if (judged.verdict === 'skip') {
        this.counts.skipped += 1;
        if (!this.limits.dryRun) { orderState.skip(order, judged.reason); }
    } else if (judged.verdict === 'send') {
        this.counts.due += 1;
        if (!this.limits.dryRun) { this.sender.add(this.entry(order)); }
    } else {
        this.counts.waiting += 1;
    }
};

OrderRun.prototype.entry = function (order) {
    var run = this;
    var orderNo = order.orderNo;
    return {
        json: message.json(payload.order(order, this.site)),
        settle: function (told) { run.settle(OrderMgr.getOrder(orderNo), told); }
    };
};

OrderRun.prototype.settle = function (order, told) {
    this.counts[told.status] += 1;
    log.told(order, told);
    orderState.settle(order, told, this.now);
};

module.exports = OrderRun;
