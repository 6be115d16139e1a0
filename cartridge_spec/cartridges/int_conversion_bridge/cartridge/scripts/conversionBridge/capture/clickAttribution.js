'use strict';

var CustomObjectMgr = require('dw/object/CustomObjectMgr');
var Transaction = require('dw/system/Transaction');
var touches = require('./touches');
var retention = require('./retention');

/** Clicks of shoppers without a profile. SFCC deletes them after the type's retention days. */
var TYPE = 'ClickAttribution';
var MOST_CHARACTERS = 16000;

/**
 * The touches kept under a key, without those that are too old.
 * @param {string} key - see visitor.js
 * @param {Date} now - the time
 * @param {number} days - how long clicks are kept
 * @returns {Array<Object>} touches, oldest first
 */
function read(key, now, days) {
    var kept = CustomObjectMgr.getCustomObject(TYPE, key);
    return kept ? retention.young(touches.fromText(kept.custom.touches), now, days) : [];
}

function write(key, list, now) {
    Transaction.wrap(function () {
        var kept = CustomObjectMgr.getCustomObject(TYPE, key)
            || CustomObjectMgr.createCustomObject(TYPE, key);
        kept.custom.touches = touches.toText(list, MOST_CHARACTERS);
        kept.custom.touchedAt = now;
    });
}

function forget(key) {
    var kept = CustomObjectMgr.getCustomObject(TYPE, key);
    if (kept) {
        Transaction.wrap(function () {
            CustomObjectMgr.remove(kept);
        });
    }
}

module.exports = { TYPE: TYPE, forget: forget, read: read, write: write };
