'use strict';

var OrderMgr = require('dw/order/OrderMgr');
var fastCall = require('*/cartridge/scripts/conversionBridge/fastCall');
var orderState = require('*/cartridge/scripts/conversionBridge/orderState');

/**
 * Sends one order again, whatever became of it. The bridge counts it once all the same.
 * @param {string} orderNo - as the user typed it
 * @returns {string} what to tell the user
 */
exports.one = function (orderNo) {
    var order = orderNo ? OrderMgr.getOrder(orderNo) : null;
    if (!order) {
        return 'There is no order with this number.';
    }
    orderState.requeue(order);
    fastCall.send(order);
    var status = orderState.status(order);
    var reason = order.custom.cbReason;
    // What the call could not do, the job does.
    return 'Order ' + order.orderNo + ': ' + status + (reason ? ', ' + reason : '');
};
