'use strict';

/* global session */

var server = require('server');

server.get('SetSession', function (req, res, next) {
    session.privacy.consent = req.querystring.consent === 'true';
    res.json({ success: true });
    next();
});

module.exports = server.exports();
