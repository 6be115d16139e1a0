'use strict';

/*
 * Places the order that `world.checkout.record` describes, and as SFCC does, carries the basket's
 * attribute over to it. `world.checkout.behaviour` makes it end otherwise.
 */
var server = require('server');

function placed(world) {
    var order = world.orders[world.checkout.record.plain.orderNo];
    require('dw/system/Transaction').wrap(function () {
        if (world.checkout.carriesOver && world.basket && world.basket.custom) {
            order.custom.cbSnapshot = world.basket.custom.cbSnapshot;
        }
        require('dw/order/OrderMgr').placeOrder(order);
    });
    world.basket = null;
    return order;
}

server.post('PlaceOrder', server.middleware.https, function (req, res, next) {
    var world = require('rig/world');
    var behaviour = world.checkout.behaviour;
    if (behaviour === 'throws') {
        throw new Error('the payment processor is gone');
    }
    if (behaviour === 'refuses') {
        res.json({ error: true, errorMessage: 'declined' });
        return next();
    }
    require('rig/orders').add([world.checkout.record]);
    if (behaviour === 'redirects before placing') {
        res.redirect('https://bank.example.com/3ds');
        return next();
    }
    var order = placed(world);
    res.json({
        error: false,
        orderID: order.orderNo,
        orderToken: order.orderToken,
        continueUrl: '/Order-Confirm'
    });
    if (behaviour === 'places, then the database refuses') {
        world.faults.transaction = 0;
    }
    if (behaviour === 'redirects after placing') {
        res.redirect('/Order-Confirm');
    }
    return next();
});

module.exports = server.exports();
