'use strict';

var clickParameters = require('./clickParameters');
var kept = require('./kept');
var metaCookies = require('./metaCookies');
var permission = require('./permission');
var touches = require('./touches');
var visitor = require('./visitor');

function arrival(visit, landing) {
    var touch = clickParameters.read(landing.query);
    if (touch) {
        touch.at = visit.now.toISOString();
        touch.landing_url = clickParameters.page(landing.page);
        touch.referrer = clickParameters.page(landing.referrer);
        touch.source_code = touch.source_code || visit.sourceCode;
    }
    return touch ? [touch] : [];
}

function newest(list, member) {
    var having = list.filter(function (touch) { return touch[member]; });
    return having.length ? having[having.length - 1] : null;
}

/** The _fbc cookie as it should be: a newer click replaces an older one, nothing else changes it. */
function fbcFor(visit, list) {
    var touch = newest(list, 'fbclid');
    var before = metaCookies.clickOf(visit.fbc);
    var same = before && touch && before.fbclid === touch.fbclid;
    if (!touch || same || (before && before.at >= Date.parse(touch.at))) {
        return visit.fbc;
    }
    return metaCookies.fbc(touch.fbclid, Date.parse(touch.at), visit.domain);
}

function cookiesFor(visit, list) {
    var cookies = [];
    var fbc = fbcFor(visit, list);
    if (fbc && fbc !== visit.fbc) {
        cookies.push({ name: '_fbc', value: fbc, seconds: metaCookies.LIFETIME_SECONDS });
    }
    if (visit.settings.guestClicks && !visit.profile && list.length) {
        visit.visitor = visit.visitor || visitor.newName();
        cookies.push({
            name: visitor.COOKIE,
            value: visit.visitor,
            seconds: visit.settings.retentionDays * 24 * 60 * 60
        });
    }
    return cookies;
}

function expired(name) {
    return { name: name, value: '', seconds: 0 };
}

function refused(visit) {
    kept.forget(visit);
    return {
        captured: false,
        consent: 'denied',
        cookies: (visit.fbc ? [expired('_fbc')] : []).concat(visit.visitor ? [expired(visitor.COOKIE)] : [])
    };
}

/**
 * Keep the click that led to a page, together with what was known before. Without consent nothing is
 * kept; after a refusal nothing stays.
 * @param {Object} visit - see visit.js
 * @param {Object} landing - query (the link's), page and referrer, both without a query
 * @returns {Object} captured, consent, and the cookies to set
 */
function remember(visit, landing) {
    var consent = permission.toKeep(visit.consent, visit.settings);
    if (consent === 'denied') {
        return refused(visit);
    }
    if (consent !== 'granted') {
        return { captured: false, consent: consent, cookies: [] };
    }
    var list = touches.merge(kept.read(visit), arrival(visit, landing));
    var cookies = cookiesFor(visit, list);
    kept.write(visit, list);
    return { captured: true, consent: consent, cookies: cookies };
}

/**
 * What is known of the clicks when the shopper orders. Reads only.
 * @param {Object} visit - see visit.js
 * @returns {Object} touches, fbc and fbp; all empty without consent
 */
function recall(visit) {
    if (permission.toKeep(visit.consent, visit.settings) !== 'granted') {
        return { touches: [], fbc: '', fbp: '' };
    }
    var list = kept.read(visit);
    return { touches: list, fbc: fbcFor(visit, list), fbp: visit.fbp };
}

module.exports = { recall: recall, remember: remember };
