/* global request */
'use strict';

var TOKEN = 'token-of-this-session';

exports.getTokenName = function () { return 'csrf_token'; };
exports.generateToken = function () { return TOKEN; };
exports.validateRequest = function () {
    var given = request.httpParameterMap[exports.getTokenName()];
    return Boolean(given) && given.stringValue === TOKEN;
};
