'use strict';

var BasketMgr = require('dw/order/BasketMgr');
var OrderMgr = require('dw/order/OrderMgr');
var Transaction = require('dw/system/Transaction');
var placed = require('*/cartridge/scripts/conversionBridge/placed');
var preferences = require('*/cartridge/scripts/conversionBridge/preferences');
var shopper = require('*/cartridge/scripts/shopper');

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

/**
 * On the confirmation page: an order that was placed past our routes is told of now.
 * @param {dw.order.Order} order - the page's
 */
function orderConfirmed(order) {
    if (preferences.read('cbEnabled') && !order.custom.cbEventId) {
        placed.placed(order, shopper.snapshot());
    }
}

module.exports = { keepOnBasket: keepOnBasket, orderConfirmed: orderConfirmed, orderPlaced: orderPlaced };
