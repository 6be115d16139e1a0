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

/** As SFRA has them since version 6: SetConsent takes the place of SetSession, which stays. */
server.get('SetSession', answer);
server.post('SetConsent', server.middleware.https, tokenNeeded, answer);

module.exports = server.exports();
