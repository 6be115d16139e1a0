'use strict';

/* global request, response, session */

/*
 * Merchant Tools > Ordering > Conversion Bridge. Only nodes that bm_extensions.xml lists are let through by
 * the role's module permissions; what changes something also wants a POST with a token of this page.
 */
var CSRFProtection = require('dw/web/CSRFProtection');
var ISML = require('dw/template/ISML');
var URLUtils = require('dw/web/URLUtils');

function show(told) {
    var overview = require('~/cartridge/scripts/overview').read();
    ISML.renderTemplate('extensions/conversionBridge/status', {
        counts: overview.counts,
        errors: overview.errors,
        told: told,
        tokenName: CSRFProtection.getTokenName(),
        token: CSRFProtection.generateToken(),
        test: URLUtils.url('ConversionBridgeStatus-TestConnection').toString(),
        resend: URLUtils.url('ConversionBridgeStatus-Resend').toString()
    });
}

function withUser(work) {
    return function () {
        if (session.userAuthenticated) {
            work();
        } else {
            response.setStatus(403);
        }
    };
}

function withToken(work) {
    return withUser(function () {
        if (request.httpMethod === 'POST' && CSRFProtection.validateRequest()) {
            work();
        } else {
            response.setStatus(403);
        }
    });
}

exports.Start = withUser(function () {
    show(null);
});

exports.TestConnection = withToken(function () {
    show(require('~/cartridge/scripts/connection').test());
});

exports.Resend = withToken(function () {
    var orderNo = String(request.httpParameterMap.orderNo.stringValue || '').trim();
    show(require('~/cartridge/scripts/resend').one(orderNo));
});

Object.keys(exports).forEach(function (node) {
    exports[node].public = true;
});
