'use strict';

/**
 * Cancellations and refunds of orders that were sent. Pure functions: what is due, and what an order keeps of it.
 *
 * A change is written to the order before it is sent and sent again as it was written until the bridge has it, so
 * that a run that dies in between neither loses a refund nor counts it twice.
 */
var Bytes = require('dw/util/Bytes');
var Encoding = require('dw/crypto/Encoding');
var MessageDigest = require('dw/crypto/MessageDigest');

var REFERENCE_LIMIT = 64;

/**
 * @param {Object} facts - orderNo, status (the contract's order status), refunded (all so far, or null), kept:
 *     `{open: change|null, refunded: number, cancelledAt: Date|null}`
 * @param {string} at - when this is looked at, as the contract writes times
 * @returns {Object|null} the change to send now: kind, reference, at, gross (refunds), refunded (all with it)
 */
exports.due = function (facts, at) {
    if (facts.kept.open) { return facts.kept.open; }
    if (facts.kept.cancelledAt) { return null; }
    if (facts.status === 'cancelled') {
        return { kind: 'cancellation', reference: reference('CANCEL', facts.orderNo, ''), at: at };
    }
    var more = Math.round(((facts.refunded || 0) - facts.kept.refunded) * 1000) / 1000;
    return more > 0 ? refund(facts, more, at) : null;
};

function refund(facts, more, at) {
    // The sum so far only grows, so it tells one refund of an order from the next.
    var made = reference('REFUND', facts.orderNo, '-' + facts.refunded);
    return { kind: 'refund', reference: made, at: at, gross: more, refunded: facts.refunded };
}

function reference(prefix, orderNo, suffix) {
    var made = prefix + '-' + orderNo + suffix;
    return made.length <= REFERENCE_LIMIT ? made : prefix + '-' + digest(made);
}

function digest(text) {
    var bytes = new MessageDigest(MessageDigest.DIGEST_SHA_256).digestBytes(new Bytes(text, 'UTF-8'));
    return Encoding.toHex(bytes).slice(0, 40);
}
