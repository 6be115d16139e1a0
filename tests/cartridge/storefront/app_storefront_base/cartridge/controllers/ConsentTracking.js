'use strict';

/* global session */

var server = require('server');

function answer(req, res, next) {
    var consent = req.querystring.consent === 'true';
    session.setTrackingAllowed(consent);
    session.privacy.consent = consent;
    res.json({ success: true });
    next();
}

function tokenNeeded(req, res, next) {
    if (req.form.csrf_token !== 'valid') {
        res.redirect('/CSRF-AjaxFail');
    }
    next();
}

/** Newer versions of SFRA have SetConsent in the place of SetSession, which stays, older ones SetSession alone. */
var routes = require('rig/world').consentRoutes;
if (routes.indexOf('SetSession') >= 0) {
    server.get('SetSession', answer);
}
if (routes.indexOf('SetConsent') >= 0) {
    server.post('SetConsent', server.middleware.https, tokenNeeded, answer);
}

module.exports = server.exports();
