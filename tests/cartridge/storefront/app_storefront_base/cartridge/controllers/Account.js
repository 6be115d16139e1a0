'use strict';

/* global session, customer */

var server = require('server');

function logIn(req, res) {
    require('rig/sessions').logIn(session, req.form.customerNo);
    new Function('return this')().customer = session.customer;
    res.json({ success: true });
}

server.post('Login', server.middleware.https, function (req, res, next) {
    logIn(req, res);
    next();
});

/** As in SFRA, the customer is made once the form is known to be good. */
server.post('SubmitRegistration', server.middleware.https, function (req, res, next) {
    this.on('route:BeforeComplete', logIn);
    next();
});

module.exports = server.exports();
