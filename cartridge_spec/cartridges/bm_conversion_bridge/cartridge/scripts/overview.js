'use strict';

var OrderMgr = require('dw/order/OrderMgr');
var attributes = require('*/cartridge/scripts/conversionBridge/attributes');

var ERRORS_SHOWN = 20;
/** SFCC's order search counts no further. */
var MOST_HITS = 1000;

function counted(status) {
    var found = OrderMgr.searchOrders('custom.cbStatus = {0}', null, status);
    var count = found.count;
    found.close();
    return { status: status, count: count < MOST_HITS ? String(count) : MOST_HITS + ' or more' };
}

function row(order) {
    var next = order.custom.cbNextAttemptAt;
    return {
        orderNo: order.orderNo,
        status: order.custom.cbStatus.value,
        reason: order.custom.cbReason,
        attempts: order.custom.cbAttempts || 0,
        next: next ? next.toISOString() : ''
    };
}

function lastErrors() {
    var status = attributes.STATUS;
    var found = OrderMgr.searchOrders(
        'custom.cbReason != NULL AND (custom.cbStatus = {0} OR custom.cbStatus = {1})',
        'lastModified desc', status.FAILED, status.PENDING
    );
    var rows = [];
    while (found.hasNext() && rows.length < ERRORS_SHOWN) {
        rows.push(row(found.next()));
    }
    found.close();
    return rows;
}

/**
 * How the site's orders stand, by the order search, which may be a little behind.
 * @returns {Object} counts by status, and the last orders that failed or wait after a failure
 */
exports.read = function () {
    var status = attributes.STATUS;
    return {
        counts: Object.keys(status).map(function (name) { return counted(status[name]); }),
        errors: lastErrors()
    };
};
