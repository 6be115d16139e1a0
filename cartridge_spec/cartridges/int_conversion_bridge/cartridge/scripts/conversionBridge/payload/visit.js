'use strict';

var values = require('*/cartridge/scripts/conversionBridge/payload/values');

var LONG = 8000;
var TOUCHES_LIMIT = 10;
var EXTERNAL_IDS_LIMIT = 20;
var BROWSER = { ip: 1000, user_agent: LONG, page_url: LONG, fbc: LONG, fbp: 1000, session_attributes: LONG };
var COOKIES = ['fbc', 'fbp', 'session_attributes'];
var TOUCH = {
    entry_point: 1000,
    fbclid: LONG,
    gclid: LONG,
    gbraid: LONG,
    wbraid: LONG,
    ctwa_clid: LONG,
    landing_url: LONG,
    referrer: LONG,
    source_code: 1000
};

/**
 * @param {*} given - from the snapshot, which a storefront of the merchant's own may have written
 * @returns {Object|null} the contract's `browser`
 */
exports.browser = function (given) {
    var browser = values.object(given);
    return browser ? texts(browser, BROWSER) : null;
};

/**
 * @param {*} given - from the snapshot
 * @returns {Object[]} the contract's `touches`: of more than ten, the first and the last nine
 */
exports.touches = function (given) {
    var touches = (Array.isArray(given) ? given : []).filter(values.object).map(touch);
    if (touches.length <= TOUCHES_LIMIT) { return touches; }
    return touches.slice(0, 1).concat(touches.slice(1 - TOUCHES_LIMIT));
};

/**
 * Whoever refused advertising cookies has no click ids and no advertising cookies here, whatever a storefront
 * collected.
 *
 * @param {Object} kept - a snapshot or what becomes one
 * @returns {{browser: Object|null, touches: Object[]}} what may be kept and sent of it
 */
exports.permitted = function (kept) {
    var browser = exports.browser(kept.browser);
    var refused = kept.consent && kept.consent.ad_storage === 'denied';
    if (!refused) { return { browser: browser, touches: exports.touches(kept.touches) }; }
    COOKIES.forEach(function (name) { if (browser) { browser[name] = null; } });
    return { browser: browser, touches: [] };
};

/**
 * @param {*} given - from the snapshot
 * @returns {string[]} further ids of the shopper
 */
exports.externalIds = function (given) {
    var ids = (Array.isArray(given) ? given : []).map(function (id) { return values.text(id); });
    return ids.filter(Boolean).slice(0, EXTERNAL_IDS_LIMIT);
};

function touch(given) {
    var made = texts(given, TOUCH);
    made.at = values.instant(given.at);
    return made;
}

function texts(given, limits) {
    var made = {};
    Object.keys(limits).forEach(function (name) {
        made[name] = typeof given[name] === 'string' ? values.text(given[name], limits[name]) : null;
    });
    return made;
}
