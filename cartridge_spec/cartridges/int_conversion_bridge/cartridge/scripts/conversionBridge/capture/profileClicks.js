'use strict';

var Transaction = require('dw/system/Transaction');
var touches = require('./touches');
var retention = require('./retention');

/** Enough for ten touches with long ids; far below what a text attribute takes. */
var MOST_CHARACTERS = 16000;

/**
 * The touches that a customer's profile remembers, without those that are too old to be kept.
 * @param {dw.customer.Profile} profile - the customer's
 * @param {Date} now - the time
 * @param {number} days - how long clicks are kept
 * @returns {Array<Object>} touches, oldest first
 */
function read(profile, now, days) {
    return retention.young(touches.fromText(profile.custom.cbTouches), now, days);
}

function write(profile, kept, now) {
    Transaction.wrap(function () {
        profile.custom.cbTouches = touches.toText(kept, MOST_CHARACTERS);
        profile.custom.cbTouchedAt = now;
    });
}

function forget(profile) {
    Transaction.wrap(function () {
        profile.custom.cbTouches = null;
        profile.custom.cbTouchedAt = null;
    });
}

module.exports = { forget: forget, read: read, write: write };
