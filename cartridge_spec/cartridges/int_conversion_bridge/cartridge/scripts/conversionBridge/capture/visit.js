'use strict';

var clickParameters = require('./clickParameters');
var visitor = require('./visitor');

function cookie(request, name) {
    var found = request.httpCookies && request.httpCookies[name];
    return (found && found.value) || '';
}

function domainOf(request, settings) {
    return settings.cookieDomain || request.httpHost || '';
}

/**
 * What the rest of the capture needs to know of a request, read in one place.
 * @param {dw.system.Request} request - the shopper's own
 * @param {Object} consent - the shopper's answers, as in the contract
 * @param {Object} settings - siteId, retentionDays, guestClicks, unansweredCounts, cookieDomain
 * @param {Date} now - the time
 * @returns {Object} visit
 */
function of(request, consent, settings, now) {
    var session = request.session;
    return {
        session: session,
        profile: (session.customer && session.customer.profile) || null,
        consent: consent,
        settings: settings,
        domain: domainOf(request, settings),
        now: now,
        ip: request.httpRemoteAddress || '',
        userAgent: request.httpUserAgent || '',
        page: clickParameters.page(request.httpReferer),
        fbc: cookie(request, '_fbc'),
        fbp: cookie(request, '_fbp'),
        visitor: cookie(request, visitor.COOKIE),
        sourceCode: (session.sourceCodeInfo && session.sourceCodeInfo.code) || ''
    };
}

module.exports = { of: of };
