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

/**
 * Leaves the database alone when nothing is new; nothing stays on the profile when there are no touches.
 * @param {dw.customer.Profile} profile - the customer's
 * @param {Array<Object>} kept - touches, oldest first
 */
function write(profile, kept) {
    var text = kept.length ? touches.toText(kept, MOST_CHARACTERS) : null;
    if ((profile.custom.cbTouches || null) !== text) {
        Transaction.wrap(function () {
            profile.custom.cbTouches = text;
            profile.custom.cbTouchedAt = retention.oldest(kept);
        });
    }
}

function forget(profile) {
    write(profile, []);
}

/**
 * Drops the touches that are too old, each by its own time.
 * @param {dw.customer.Profile} profile - any
 * @param {Date} now - the time
 * @param {number} days - how long clicks are kept
 * @returns {boolean} whether there were any
 */
function purge(profile, now, days) {
    var oldest = profile.custom.cbTouchedAt;
    var isDue = Boolean(oldest) && oldest < retention.limit(now, days);
    if (isDue) {
        write(profile, read(profile, now, days));
    }
    return isDue;
}

module.exports = { forget: forget, purge: purge, read: read, write: write };
