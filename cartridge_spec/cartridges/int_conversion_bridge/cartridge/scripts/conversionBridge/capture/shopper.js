'use strict';

/* global request */

/** What a storefront's controllers have to do with the shopper's request: SFRA's do, and SiteGenesis's can. */
var Cookie = require('dw/web/Cookie');
var capture = require('*/cartridge/scripts/conversionBridge/capture/capture');
var consent = require('*/cartridge/scripts/conversionBridge/consent');
var settings = require('*/cartridge/scripts/conversionBridge/capture/settings');
var visit = require('*/cartridge/scripts/conversionBridge/capture/visit');

var NO_CLICKS = { touches: [], fbc: '', fbp: '' };

function bounded(text, characters) {
    return String(text || '').slice(0, characters);
}

/** Anyone may post here: what is longer than a browser's address is cut. */
function landingOf(told) {
    return {
        query: bounded(told.query, 4000),
        page: bounded(told.page, 500),
        referrer: bounded(told.referrer, 500)
    };
}

function current(using) {
    return visit.of(request, consent.read(), using, new Date());
}

function setCookie(response, using, wanted) {
    var cookie = new Cookie(wanted.name, wanted.value);
    cookie.setMaxAge(wanted.seconds);
    cookie.setPath('/');
    cookie.setSecure(true);
    if (using.cookieDomain) {
        cookie.setDomain(using.cookieDomain);
    }
    response.addHttpCookie(cookie);
}

/**
 * Keep how the shopper came here, and set the cookies that belong to it. Only for uncached routes.
 * @param {dw.system.Response} response - of the current request
 * @param {Object} [landing] - query, page and referrer, as the client script told them; without it the click
 *     stream alone is read
 * @returns {Object} captured and consent
 */
function remember(response, landing) {
    var using = settings.current();
    if (!using.enabled) {
        return { captured: false, consent: 'off' };
    }
    var outcome = capture.remember(current(using), landingOf(landing || {}));
    outcome.cookies.forEach(function (wanted) {
        setCookie(response, using, wanted);
    });
    return { captured: outcome.captured, consent: outcome.consent };
}

/** A merchant who needs a yes for the order needs one for the shopper's address and browser too. */
function mayKeepBrowser(answer, using) {
    return using.consentRequired ? answer === 'granted' : answer !== 'denied';
}

/**
 * What this request knows of the shopper, for an order that is being placed.
 * @returns {Object|null} as snapshot.js describes it; null when an agent is at the keyboard,
 *     whose browser is not the customer's
 */
function snapshot() {
    if (request.session.userAuthenticated) {
        return null;
    }
    var using = settings.current();
    var seen = current(using);
    var clicks = using.enabled ? capture.recall(seen) : NO_CLICKS;
    return {
        browser: !mayKeepBrowser(seen.consent.ad_user_data, using) ? null : {
            ip: seen.ip,
            user_agent: seen.userAgent,
            page_url: seen.page,
            fbc: clicks.fbc,
            fbp: clicks.fbp
        },
        touches: clicks.touches,
        consent: seen.consent
    };
}

module.exports = { remember: remember, snapshot: snapshot };
