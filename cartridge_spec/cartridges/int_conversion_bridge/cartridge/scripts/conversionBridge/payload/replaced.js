'use strict';

var OrderMgr = require('dw/order/OrderMgr');
var values = require('*/cartridge/scripts/conversionBridge/payload/values');

var LONGEST_CHAIN = 20;

/**
 * An edited order changes the conversion of the one it replaces, so that one must be there to be changed: the
 * newest earlier order of the chain that was sent, or tried and may have arrived.
 * @param {dw.order.Order} order - placed
 * @returns {string|null} that order's number; null when the bridge cannot know any of them
 */
exports.orderNo = function (order) {
    var earlier = before(order);
    for (var step = 0; earlier && step < LONGEST_CHAIN; step += 1) {
        if (mayBeKnown(earlier)) { return values.text(earlier.orderNo, 50); }
        earlier = before(earlier);
    }
    return null;
};

function before(order) {
    var number = order.replacedOrderNo || order.originalOrderNo;
    return number && number !== order.orderNo ? OrderMgr.getOrder(number) : null;
}

function mayBeKnown(order) {
    return Boolean(order.custom.cbSentAt) || order.custom.cbAttempts > 0;
}
