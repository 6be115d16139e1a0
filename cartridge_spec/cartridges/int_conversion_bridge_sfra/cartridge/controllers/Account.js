'use strict';

/* global customer, response */

var server = require('server');

server.extend(module.superModule);

/** A guest who turns out to be a customer takes the clicks along to the profile. */
function takeClicksAlong() {
    var shopper = require('*/cartridge/scripts/conversionBridge/capture/shopper');
    var withoutHarm = require('~/cartridge/scripts/withoutHarm');
    withoutHarm('capture at login', function () {
        if (customer.authenticated) {
            shopper.remember(response);
        }
    });
}

function whenComplete(req, res, next) {
    this.on('route:BeforeComplete', takeClicksAlong);
    next();
}

server.append('Login', whenComplete);
server.append('SubmitRegistration', whenComplete);

module.exports = server.exports();
