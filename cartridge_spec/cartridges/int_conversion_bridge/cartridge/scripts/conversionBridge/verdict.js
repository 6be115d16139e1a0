'use strict';

var channels = require('*/cartridge/scripts/conversionBridge/payload/channels');
var consents = require('*/cartridge/scripts/conversionBridge/consent');
var eligibility = require('*/cartridge/scripts/conversionBridge/eligibility');
var orderState = require('*/cartridge/scripts/conversionBridge/orderState');
var snapshot = require('*/cartridge/scripts/conversionBridge/snapshot');
var statuses = require('*/cartridge/scripts/conversionBridge/payload/statuses');

/**
 * @param {dw.order.Order} order - any
 * @param {Object} site - from currentSite.js
 * @param {Date} now - when
 * @returns {{verdict: string, reason: string|null}} as eligibility.js judges it
 */
exports.on = function (order, site, now) {
    return eligibility.judge(facts(order, site, now), site.settings);
};

/**
 * The verdict as if nobody had looked at the order yet: whether it may be sent once more.
 *
 * @param {dw.order.Order} order - any
 * @param {Object} site - from currentSite.js
 * @param {Date} now - when
 * @returns {{verdict: string, reason: string|null}} as eligibility.js judges it
 */
exports.anew = function (order, site, now) {
    var known = facts(order, site, now);
    known.state = null;
    known.tried = false;
    known.nextAttemptAt = null;
    return eligibility.judge(known, site.settings);
};

function facts(order, site, now) {
    var kept = snapshot.read(order);
    var consent = consents.clean(kept.consent) || {};
    var next = order.custom.cbNextAttemptAt;
    return {
        state: orderState.status(order),
        tried: order.custom.cbAttempts > 0,
        instance: site.instance,
        channel: channels.of(order, kept.channel),
        adUserData: consent.ad_user_data || 'unknown',
        status: statuses.of(order),
        createdAt: order.creationDate.getTime(),
        nextAttemptAt: next ? next.getTime() : null,
        now: now.getTime()
    };
}
