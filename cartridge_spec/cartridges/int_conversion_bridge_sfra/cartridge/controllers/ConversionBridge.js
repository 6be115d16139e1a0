'use strict';

/* global response */

var server = require('server');

/** Other origins would need leave to send this header, and none is ever given. */
var OWN_SCRIPT = 'x-conversion-bridge';

/** Told by the client script of the click that led to a page. No cache step: it sets cookies. */
server.post('Capture', server.middleware.https, function (req, res, next) {
    var shopper = require('*/cartridge/scripts/conversionBridge/capture/shopper');
    var withoutHarm = require('~/cartridge/scripts/withoutHarm');
    var outcome = req.httpHeaders.get(OWN_SCRIPT) && withoutHarm('capture', function () {
        return shopper.remember(response, req.form);
    });
    res.json(outcome || { captured: false, consent: 'off' });
    next();
});

module.exports = server.exports();
