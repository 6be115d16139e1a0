'use strict';

var BasketMgr = require('dw/order/BasketMgr');
var OrderMgr = require('dw/order/OrderMgr');
var Transaction = require('dw/system/Transaction');
var orderState = require('*/cartridge/scripts/conversionBridge/orderState');
var placed = require('*/cartridge/scripts/conversionBridge/placed');
var preferences = require('*/cartridge/scripts/conversionBridge/preferences');
var shopper = require('*/cartridge/scripts/conversionBridge/capture/shopper');

/** Later than this the page is looked at again, and when the order was placed is not now. */
var CONFIRMED_WITHIN = 60 * 60 * 1000;

/**
 * Before the order is created: SFCC carries the attribute over to it, so that an order which is placed
 * elsewhere, by a payment's notification for one, still knows its clicks.
 */
function keepOnBasket() {
    var basket = preferences.read('cbEnabled') ? BasketMgr.getCurrentBasket() : null;
    var known = basket && shopper.snapshot();
    if (known) {
        Transaction.wrap(function () {
            basket.custom.cbSnapshot = JSON.stringify(known);
        });
    }
}

/**
 * After a route that places orders: tell the bridge of the one it placed.
 * @param {Object} viewData - of SFRA's CheckoutServices-PlaceOrder: error, orderID, orderToken
 */
function orderPlaced(viewData) {
    var order = viewData.error || !viewData.orderID || !viewData.orderToken
        ? null
        : OrderMgr.getOrder(viewData.orderID, viewData.orderToken);
    if (order) {
        placed.placed(order, shopper.snapshot());
    }
}

function isNews(order) {
    var age = Date.now() - order.creationDate.getTime();
    return !order.custom.cbEventId && !orderState.status(order) && age < CONFIRMED_WITHIN;
}

/**
 * On the confirmation page: an order that was placed past our routes just now is told of. What anyone has
 * looked at already, the sweep for one, stays as it is.
 * @param {dw.order.Order} order - the page's
 */
function orderConfirmed(order) {
    if (preferences.read('cbEnabled') && isNews(order)) {
        placed.placed(order, shopper.snapshot());
    }
}

module.exports = { keepOnBasket: keepOnBasket, orderConfirmed: orderConfirmed, orderPlaced: orderPlaced };
