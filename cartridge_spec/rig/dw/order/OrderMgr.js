'use strict';

var Logger = require('dw/system/Logger');
var Order = require('dw/order/Order');
var Status = require('dw/system/Status');
var orderSearch = require('rig/orderSearch');
var world = require('rig/world');

/** With a token, only the order it belongs to. */
exports.getOrder = function (orderNo, orderToken) {
    var order = world.orders[orderNo] || null;
    return order && orderToken !== undefined && order.orderToken !== orderToken ? null : order;
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

/** A SeekableIterator, as far as it is used; the order of hits is not looked at. */
exports.searchOrders = function (query) {
    return orderSearch.seekable(orderSearch.search(query, Array.prototype.slice.call(arguments, 2)));
};

exports.placeOrder = function (order) {
    order.status.value = Order.ORDER_STATUS_NEW;
    return new Status(Status.OK);
};

exports.failOrder = function (order) {
    order.status.value = Order.ORDER_STATUS_FAILED;
    return new Status(Status.OK);
};
