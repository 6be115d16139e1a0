'use strict';

/** The contract's limit. */
var MOST = 10;

var CLICK_IDS = ['fbclid', 'gclid', 'gbraid', 'wbraid', 'ctwa_clid'];
var TEXTS = CLICK_IDS.concat(['entry_point', 'landing_url', 'referrer', 'source_code']);
var LONGEST_TEXT = 500;
var INSTANT = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

function identity(touch) {
    var ids = CLICK_IDS.map(function (member) { return touch[member] || ''; });
    var named = ids.join('');
    return named ? ids.join('\n') : 'unnamed\n' + [touch.entry_point, touch.source_code].join('\n');
}

function inOrderOfTime(first, second) {
    return Date.parse(first.at) - Date.parse(second.at);
}

function only(touch) {
    var kept = { at: touch.at };
    TEXTS.forEach(function (member) {
        var value = touch[member];
        if (typeof value === 'string' && value && value.length <= LONGEST_TEXT) {
            kept[member] = value;
        }
    });
    return kept;
}

function usable(touch) {
    return Boolean(touch) && typeof touch.at === 'string' && INSTANT.test(touch.at)
        && !isNaN(Date.parse(touch.at));
}

/** The first click is kept for ever, of the others the latest. */
function limited(touches) {
    return touches.length <= MOST
        ? touches
        : touches.slice(0, 1).concat(touches.slice(touches.length - MOST + 1));
}

/**
 * One list of several, oldest first, at most ten. A click seen twice (a reload, the click stream)
 * keeps the time at which it was seen first.
 * @param {...Array<Object>} lists - touches as in the contract; unusable ones are left out
 * @returns {Array<Object>} touches
 */
function merge() {
    var seen = {};
    var all = Array.prototype.concat.apply([], arguments).filter(usable).map(only);
    all.sort(inOrderOfTime);
    return limited(all.filter(function (touch) {
        var key = identity(touch);
        var isNew = !seen[key];
        seen[key] = true;
        return isNew;
    }));
}

function withoutPages(touch) {
    var bare = only(touch);
    delete bare.landing_url;
    delete bare.referrer;
    return bare;
}

/**
 * Touches as text of a limited length. What goes first: the middle ones, then pages, then the first.
 * @param {Array<Object>} touches - oldest first
 * @param {number} characters - the limit
 * @returns {string} JSON
 */
function toText(touches, characters) {
    var kept = touches.slice();
    while (JSON.stringify(kept).length > characters && kept.length > 2) {
        kept.splice(1, 1);
    }
    if (JSON.stringify(kept).length > characters) {
        kept = kept.map(withoutPages);
    }
    while (JSON.stringify(kept).length > characters && kept.length) {
        kept.shift();
    }
    return JSON.stringify(kept);
}

/**
 * Touches from text that anyone may have written: what is no touch is left out, nothing is thrown.
 * @param {string} text - JSON, or nothing
 * @returns {Array<Object>} touches
 */
function fromText(text) {
    var read;
    try {
        read = JSON.parse(String(text || '[]'));
    } catch (e) {
        return [];
    }
    return Array.isArray(read) ? merge(read) : [];
}

module.exports = { fromText: fromText, merge: merge, toText: toText };
