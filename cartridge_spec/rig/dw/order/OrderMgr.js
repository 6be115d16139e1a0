'use strict';

var Logger = require('dw/system/Logger');
var Order = require('dw/order/Order');
var Status = require('dw/system/Status');
var orderSearch = require('rig/orderSearch');
var world = require('rig/world');

exports.getOrder = function (orderNo) {
    return world.orders[orderNo] || null;
};

/** As SFCC: what the callback throws is logged, and the run goes on with the next order. */
exports.processOrders = function (callback, query) {
    var found = orderSearch.search(query, Array.prototype.slice.call(arguments, 2));
    found.forEach(function (order) {
        try {
            callback(order);
        } catch (thrown) {
            Logger.error('processOrders: {0}', thrown);
        }
    });
};

exports.placeOrder = function (order) {
    order.status.value = Order.ORDER_STATUS_NEW;
    return new Status(Status.OK);
};

exports.failOrder = function (order) {
    order.status.value = Order.ORDER_STATUS_FAILED;
    return new Status(Status.OK);
};
