'use strict';

var Order = require('dw/order/Order');

var ORDER = {};
ORDER[Order.ORDER_STATUS_CREATED] = 'created';
ORDER[Order.ORDER_STATUS_NEW] = 'new';
ORDER[Order.ORDER_STATUS_OPEN] = 'open';
ORDER[Order.ORDER_STATUS_COMPLETED] = 'completed';
ORDER[Order.ORDER_STATUS_CANCELLED] = 'cancelled';
ORDER[Order.ORDER_STATUS_REPLACED] = 'replaced';
ORDER[Order.ORDER_STATUS_FAILED] = 'failed';

var PLACED = ['new', 'open', 'completed'];

var CONFIRMATION = {};
CONFIRMATION[Order.CONFIRMATION_STATUS_CONFIRMED] = 'confirmed';
CONFIRMATION[Order.CONFIRMATION_STATUS_NOTCONFIRMED] = 'not_confirmed';

var PAYMENT = {};
PAYMENT[Order.PAYMENT_STATUS_PAID] = 'paid';
PAYMENT[Order.PAYMENT_STATUS_PARTPAID] = 'part_paid';
PAYMENT[Order.PAYMENT_STATUS_NOTPAID] = 'not_paid';

/**
 * @param {dw.order.Order} order - any
 * @returns {{order: string, confirmation: string, payment: string}} the contract's `status`
 */
exports.of = function (order) {
    return {
        order: ORDER[order.status.value] || null,
        confirmation: CONFIRMATION[order.confirmationStatus.value] || null,
        payment: PAYMENT[order.paymentStatus.value] || null
    };
};

/**
 * @param {dw.order.Order} order - any
 * @returns {boolean} whether it is placed and stands
 */
exports.isPlaced = function (order) {
    return PLACED.indexOf(ORDER[order.status.value]) >= 0;
};
