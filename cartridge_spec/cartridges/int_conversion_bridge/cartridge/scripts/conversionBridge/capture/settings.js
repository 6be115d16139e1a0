'use strict';

var Site = require('dw/system/Site');
var preferences = require('../preferences');

/**
 * The site preferences that the capture goes by.
 * @returns {Object} enabled, siteId, retentionDays, guestClicks, unansweredCounts, consentRequired,
 *     cookieDomain
 */
function current() {
    return {
        enabled: preferences.read('cbEnabled') && preferences.read('cbCapture'),
        siteId: Site.getCurrent().getID(),
        retentionDays: preferences.read('cbClickRetentionDays'),
        guestClicks: preferences.read('cbGuestClicks'),
        unansweredCounts: preferences.read('cbCaptureUnasked'),
        consentRequired: preferences.read('cbConsentMode') === 'require',
        cookieDomain: preferences.read('cbCookieDomain')
    };
}

module.exports = { current: current };
