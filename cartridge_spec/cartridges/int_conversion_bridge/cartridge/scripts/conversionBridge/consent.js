'use strict';

/**
 * The shopper's answers by purpose. Three answers, since "never asked" is not "granted".
 *
 * A merchant with a consent tool of his own registers a script for EXTENSION_POINT with a function `read`:
 * it gets nothing and answers an object as `clean` describes it, or null for "I do not know".
 */
var HookMgr = require('dw/system/HookMgr');
var values = require('*/cartridge/scripts/conversionBridge/payload/values');

var ANSWERS = ['granted', 'denied', 'unknown'];

exports.EXTENSION_POINT = 'app.conversion.bridge.consent';
exports.PURPOSES = ['ad_storage', 'ad_user_data', 'ad_personalization'];

/**
 * @returns {Object} what the shopper of the current session has answered
 */
exports.read = function () {
    if (HookMgr.hasHook(exports.EXTENSION_POINT)) {
        return exports.clean(HookMgr.callHook(exports.EXTENSION_POINT, 'read')) || everywhere('unknown', null);
    }
    return everywhere(sessionAnswer(), 'SFCC');
};

/**
 * @param {*} given - `{ad_storage, ad_user_data, ad_personalization, source, recorded_at}`, each absent or not
 * @returns {Object|null} the contract's `consent`: any other answer is `unknown`, any other time is left out
 */
exports.clean = function (given) {
    if (!values.object(given)) { return null; }
    var cleaned = { source: values.text(given.source), recorded_at: values.instant(given.recorded_at) };
    exports.PURPOSES.forEach(function (purpose) {
        cleaned[purpose] = ANSWERS.indexOf(given[purpose]) >= 0 ? given[purpose] : 'unknown';
    });
    return cleaned;
};

function everywhere(answer, source) {
    var consent = { source: source, recorded_at: null };
    exports.PURPOSES.forEach(function (purpose) { consent[purpose] = answer; });
    return consent;
}

/*
 * SFRA keeps the answer to its banner as session.privacy.consent and leaves it empty until there is one.
 * Neither session.trackingAllowed nor the cookie dw_dnt is read: until there is an answer they hold the site
 * preference Tracking, which is no shopper's word.
 */
function sessionAnswer() {
    var answer = session && session.privacy ? session.privacy.consent : null;
    if (answer === true || answer === 'true') { return 'granted'; }
    if (answer === false || answer === 'false') { return 'denied'; }
    return 'unknown';
}
