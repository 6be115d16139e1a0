'use strict';

var CustomObjectMgr = require('dw/object/CustomObjectMgr');
var Transaction = require('dw/system/Transaction');
var touches = require('./touches');
var retention = require('./retention');

/** Clicks of shoppers without a profile. SFCC deletes them after the type's retention days. */
var TYPE = 'ClickAttribution';
var MOST_CHARACTERS = 16000;

function young(kept, now, days) {
    return kept ? retention.young(touches.fromText(kept.custom.touches), now, days) : [];
}

/**
 * The touches kept under a key, without those that are too old.
 * @param {string} key - see visitor.js
 * @param {Date} now - the time
 * @param {number} days - how long clicks are kept
 * @returns {Array<Object>} touches, oldest first
 */
function read(key, now, days) {
    return young(CustomObjectMgr.getCustomObject(TYPE, key), now, days);
}

function fill(kept, list) {
    kept.custom.touches = touches.toText(list, MOST_CHARACTERS);
    kept.custom.touchedAt = retention.oldest(list);
}

/**
 * Leaves the database alone when nothing is new.
 * @param {string} key - see visitor.js
 * @param {Array<Object>} list - touches, oldest first, at least one
 */
function write(key, list) {
    var kept = CustomObjectMgr.getCustomObject(TYPE, key);
    if (!kept || kept.custom.touches !== touches.toText(list, MOST_CHARACTERS)) {
        Transaction.wrap(function () {
            fill(kept || CustomObjectMgr.createCustomObject(TYPE, key), list);
        });
    }
}

function remove(kept) {
    Transaction.wrap(function () {
        CustomObjectMgr.remove(kept);
    });
}

function forget(key) {
    var kept = CustomObjectMgr.getCustomObject(TYPE, key);
    if (kept) {
        remove(kept);
    }
}

function shorten(kept, list) {
    if (list.length) {
        Transaction.wrap(function () { fill(kept, list); });
    } else {
        remove(kept);
    }
}

/**
 * Drops the touches of all guests that are too old, each by its own time.
 * @param {Date} now - the time
 * @param {number} days - how long clicks are kept
 * @returns {number} how many records had some
 */
function purge(now, days) {
    var oldest = retention.limit(now, days);
    var found = CustomObjectMgr.queryCustomObjects(TYPE, 'custom.touchedAt < {0}', null, oldest);
    var purged = 0;
    while (found.hasNext()) {
        var kept = found.next();
        if (kept.custom.touchedAt < oldest) {
            shorten(kept, young(kept, now, days));
            purged += 1;
        }
    }
    found.close();
    return purged;
}

module.exports = { TYPE: TYPE, forget: forget, purge: purge, read: read, write: write };
