'use strict';

var server = require('server');

server.extend(module.superModule);

function orderPlaced(req, res) {
    var withoutHarm = require('~/cartridge/scripts/withoutHarm');
    withoutHarm('the placed order', function () {
        require('~/cartridge/scripts/placement').orderPlaced(res.getViewData());
    });
}

/** A step that redirects ends the chain before what is appended: then the event is all there is. */
server.prepend('PlaceOrder', function (req, res, next) {
    var withoutHarm = require('~/cartridge/scripts/withoutHarm');
    withoutHarm('the basket', function () {
        require('~/cartridge/scripts/placement').keepOnBasket();
    });
    this.on('route:Redirect', orderPlaced);
    next();
});

/** Once nothing else changes the outcome: steps of cartridges to the left may still fail the order. */
server.append('PlaceOrder', function (req, res, next) {
    this.on('route:BeforeComplete', orderPlaced);
    next();
});

module.exports = server.exports();
