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
// A failed order may be reopened, by a payment that comes late: it is waited for.
var ENDED = ['cancelled', 'replaced'];

var RULES = [
    { verdict: 'wait', reason: 'disabled', when: function (facts, settings) { return !settings.cbEnabled; } },
    { verdict: 'done', reason: 'sent_already', when: isDecided },
    { verdict: 'skip', reason: 'non_production_instance', when: isForbiddenInstance },
    { verdict: 'skip', reason: 'channel_not_selected', when: isUnwantedChannel },
    { verdict: 'skip', reason: 'consent_denied', when: isDenied },
    { verdict: 'skip', reason: 'consent_unknown', when: isUnasked },
    { verdict: 'skip', reason: 'ended_before_sending', when: untried(hasEnded) },
    { verdict: 'wait', reason: 'before_start', when: untried(isBeforeStart) },
    { verdict: 'skip', reason: 'too_old', when: isTooOld },
    { verdict: 'wait', reason: 'not_placed', when: untried(isNotPlaced) },
    { verdict: 'wait', reason: 'not_confirmed', when: untried(isNotConfirmed) },
    { verdict: 'wait', reason: 'not_paid', when: untried(isNotPaid) },
    { verdict: 'wait', reason: 'not_due', when: isNotDue }
];

/** Every reason for which an order is not sent. */
exports.REASONS = RULES.map(function (rule) { return rule.reason; });

/**
 * @param {Object} facts - state (cbStatus or null), tried (whether a call was made), instance, channel,
 *     adUserData, status (as in the contract), createdAt, now and nextAttemptAt (milliseconds; the last may be
 *     null)
 * @param {Object} settings - preferences by id
 * @returns {{verdict: string, reason: string|null}} send, wait, skip, or done
 */
exports.judge = function (facts, settings) {
    for (var i = 0; i < RULES.length; i += 1) {
        if (RULES[i].when(facts, settings)) { return { verdict: RULES[i].verdict, reason: RULES[i].reason }; }
    }
    return { verdict: 'send', reason: null };
};

function isDecided(facts) {
    return facts.state !== null && facts.state !== 'pending';
}

function isForbiddenInstance(facts, settings) {
    return facts.instance !== 'production' && !settings.cbAllowNonProduction;
}

function isUnwantedChannel(facts, settings) {
    return settings.cbChannels.length > 0 && settings.cbChannels.indexOf(facts.channel) < 0;
}

function isDenied(facts, settings) {
    return settings.cbConsentMode !== 'off' && facts.adUserData === 'denied';
}

function isUnasked(facts, settings) {
    return settings.cbConsentMode === 'require' && facts.adUserData !== 'granted';
}

function untried(rule) {
    return function (facts, settings) { return !facts.tried && rule(facts, settings); };
}

function hasEnded(facts) {
    return ENDED.indexOf(facts.status.order) >= 0;
}

function isBeforeStart(facts, settings) {
    return facts.createdAt < settings.cbOrdersFrom;
}

function isTooOld(facts, settings) {
    return facts.now - facts.createdAt > settings.cbLookbackHours * HOUR;
}

function isNotPlaced(facts) {
    return PLACED.indexOf(facts.status.order) < 0;
}

function isNotConfirmed(facts, settings) {
    return settings.cbConfirmedRule !== 'placed' && facts.status.confirmation !== 'confirmed';
}

function isNotPaid(facts, settings) {
    return settings.cbConfirmedRule === 'paid' && facts.status.payment !== 'paid';
}

function isNotDue(facts) {
    return facts.nextAttemptAt !== null && facts.nextAttemptAt > facts.now;
}
