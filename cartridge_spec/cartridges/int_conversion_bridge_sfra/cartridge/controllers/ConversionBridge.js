'use strict';

/* global response */

var server = require('server');

/** Other origins would need leave to send this header, and none is ever given. */
var OWN_SCRIPT = 'x-conversion-bridge';

function landingOf(form) {
    return {
        query: String(form.query || '').slice(0, 4000),
        page: String(form.page || '').slice(0, 500),
        referrer: String(form.referrer || '').slice(0, 500)
    };
}

/** Told by the client script of the click that led to a page. No cache step: it sets cookies. */
server.post('Capture', server.middleware.https, function (req, res, next) {
    var shopper = require('~/cartridge/scripts/shopper');
    var withoutHarm = require('~/cartridge/scripts/withoutHarm');
    var outcome = req.httpHeaders.get(OWN_SCRIPT) && withoutHarm('capture', function () {
        return shopper.remember(response, landingOf(req.form));
    });
    res.json(outcome || { captured: false, consent: 'off' });
    next();
});

module.exports = server.exports();
