'use strict';

/** What became of an order, in its own attributes: durable, queryable, and seen in Business Manager. */
var Transaction = require('dw/system/Transaction');
var attributes = require('*/cartridge/scripts/conversionBridge/attributes');
var values = require('*/cartridge/scripts/conversionBridge/payload/values');

var STATUS = attributes.STATUS;
var FIRST_WAIT = 5 * 60000;
var LONGEST_WAIT = 8 * 3600000;

/**
 * @param {dw.order.Order} order - any
 * @returns {string|null} `cbStatus`; null when nobody has looked at the order yet
 */
exports.status = function (order) {
    return values.custom(order, 'cbStatus') || null;
};

/**
 * @param {number} attempts - made so far, at least 1
 * @returns {number} milliseconds until the next: 5 minutes, doubled, at most 8 hours
 */
exports.waitAfter = function (attempts) {
    return Math.min(FIRST_WAIT * Math.pow(2, attempts - 1), LONGEST_WAIT);
};

/**
 * Keeps what an attempt came to, in a transaction of its own.
 *
 * @param {dw.order.Order} order - that was sent
 * @param {{status: string, reason: string}} outcome - from outcome.js
 * @param {Date} now - when
 */
exports.settle = function (order, outcome, now) {
    Transaction.wrap(function () {
        var kept = order.custom;
        kept.cbAttempts = (kept.cbAttempts || 0) + 1;
        kept.cbStatus = outcome.status;
        kept.cbReason = outcome.reason;
        kept.cbNextAttemptAt = outcome.status === STATUS.PENDING
            ? new Date(now.getTime() + exports.waitAfter(kept.cbAttempts)) : null;
        if (outcome.status === STATUS.SENT) { kept.cbSentAt = now; }
    });
};

/**
 * An order that is not to be sent, or not once more, and why.
 *
 * @param {dw.order.Order} order - pending, or never looked at
 * @param {string} reason - from eligibility.js
 */
exports.skip = function (order, reason) {
    Transaction.wrap(function () {
        var kept = order.custom;
        kept.cbStatus = unsent(kept);
        kept.cbReason = kept.cbAttempts > 0 && kept.cbReason ? reason + ', last: ' + kept.cbReason : reason;
        kept.cbNextAttemptAt = null;
    });
};

/** What the bridge once took it has; what was tried in vain has failed; what was never tried was left out. */
function unsent(kept) {
    if (kept.cbSentAt) { return STATUS.SENT; }
    return kept.cbAttempts > 0 ? STATUS.FAILED : STATUS.SKIPPED;
}

/**
 * Has the next sweep send the order again, whatever became of it before.
 *
 * @param {dw.order.Order} order - any
 */
exports.requeue = function (order) {
    Transaction.wrap(function () {
        order.custom.cbStatus = STATUS.PENDING;
        order.custom.cbAttempts = 0;
        order.custom.cbNextAttemptAt = null;
    });
};
