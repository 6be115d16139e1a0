'use strict';

/**
 * Whether an order is to be sent now: one pure function over plain values.
 *
 * `send`: now. `wait`: look again later. `skip`: never, and the order says why. `done`: it has been decided.
 *
 * An order that was tried is sent even if it was cancelled since: the bridge may know it, and the cancellation
 * follows as one of its own.
 */
var HOUR = 3600000;
var PLACED = ['new', 'open', 'completed'];
var ENDED = ['cancelled', 'failed', 'replaced'];

var RULES = [
    ['wait', 'disabled', function (facts, settings) { return !settings.cbEnabled; }],
    ['done', 'sent_already', function (facts) { return facts.state !== null && facts.state !== 'pending'; }],
    ['skip', 'non_production_instance', function (facts, settings) {
        return facts.instance !== 'production' && !settings.cbAllowNonProduction;
    }],
    ['skip', 'channel_not_selected', function (facts, settings) {
        return settings.cbChannels.length > 0 && settings.cbChannels.indexOf(facts.channel) < 0;
    }],
    ['skip', 'consent_denied', function (facts, settings) {
        return settings.cbConsentMode !== 'off' && facts.adUserData === 'denied';
    }],
    ['skip', 'consent_unknown', function (facts, settings) {
        return settings.cbConsentMode === 'require' && facts.adUserData !== 'granted';
    }],
    ['skip', 'ended_before_sending', function (facts) {
        return !facts.tried && ENDED.indexOf(facts.status.order) >= 0;
    }],
    ['skip', 'too_old', function (facts, settings) {
        return facts.now - facts.createdAt > settings.cbLookbackHours * HOUR;
    }],
    ['wait', 'not_placed', function (facts) { return !facts.tried && PLACED.indexOf(facts.status.order) < 0; }],
    ['wait', 'not_confirmed', function (facts, settings) {
        return !facts.tried && settings.cbConfirmedRule !== 'placed' && facts.status.confirmation !== 'confirmed';
    }],
    ['wait', 'not_paid', function (facts, settings) {
        return !facts.tried && settings.cbConfirmedRule === 'paid' && facts.status.payment !== 'paid';
    }],
    ['wait', 'not_due', function (facts) { return facts.nextAttemptAt !== null && facts.nextAttemptAt > facts.now; }]
];

/**
 * @param {Object} facts - state (cbStatus or null), tried (whether a call was made), instance, channel, adUserData, status (as in the contract),
 *     createdAt, now and nextAttemptAt (milliseconds; the last may be null)
 * @param {Object} settings - preferences by id
 * @returns {{verdict: string, reason: string|null}} send, wait, skip, or done
 */
exports.judge = function (facts, settings) {
    for (var i = 0; i < RULES.length; i += 1) {
        if (RULES[i][2](facts, settings)) { return { verdict: RULES[i][0], reason: RULES[i][1] }; }
    }
    return { verdict: 'send', reason: null };
};
