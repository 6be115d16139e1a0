'use strict';

/* global response */

var server = require('server');

server.extend(module.superModule);

/** A no holds at once, whatever page comes next: what was kept is deleted. */
function obeyRefusal() {
    var withoutHarm = require('~/cartridge/scripts/withoutHarm');
    withoutHarm('a refusal at the consent banner', function () {
        var consent = require('*/cartridge/scripts/conversionBridge/consent');
        if (consent.read().ad_storage === 'denied') {
            require('*/cartridge/scripts/conversionBridge/capture/shopper').remember(response);
        }
    });
}

/** Newer bases have both, older ones the first alone: to append to a route that is not there throws. */
['SetSession', 'SetConsent'].forEach(function (route) {
    if (module.superModule[route]) {
        server.append(route, function (req, res, next) {
            this.on('route:BeforeComplete', obeyRefusal);
            next();
        });
    }
});

module.exports = server.exports();
