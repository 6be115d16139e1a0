'use strict';

var server = require('server');

server.use('Confirm', function (req, res, next) {
    res.render('confirmation');
    next();
});

module.exports = server.exports();
