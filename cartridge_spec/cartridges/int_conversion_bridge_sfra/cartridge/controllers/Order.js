'use strict';

var server = require('server');

server.extend(module.superModule);

/** SFRA gave number and token in the query once, and posts them as a form since version 6. */
function orderOf(req) {
    var OrderMgr = require('dw/order/OrderMgr');
    var orderNo = req.form.orderID || req.querystring.ID;
    var token = req.form.orderToken || req.querystring.token;
    return orderNo && token ? OrderMgr.getOrder(orderNo, token) : null;
}

function confirmed(req, res) {
    var withoutHarm = require('~/cartridge/scripts/withoutHarm');
    withoutHarm('the confirmation page', function () {
        var preferences = require('*/cartridge/scripts/conversionBridge/preferences');
        var order = preferences.read('cbEnabled') ? orderOf(req) : null;
        if (order) {
            require('~/cartridge/scripts/placement').orderConfirmed(order);
            res.setViewData({
                conversionBridgePurchase: require('~/cartridge/scripts/purchase').of(order)
            });
        }
    });
}

server.append('Confirm', function (req, res, next) {
    this.on('route:BeforeComplete', confirmed);
    next();
});

module.exports = server.exports();
