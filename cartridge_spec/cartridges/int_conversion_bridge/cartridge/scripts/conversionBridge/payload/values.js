'use strict';

/**
 * SFCC's values as the contract writes them. What the contract could not take becomes null, so that a
 * member that does not matter never costs the order.
 */
var EnumValue = require('dw/value/EnumValue');

var TEXT_LIMIT = 1000;
var INSTANT = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d/;

/**
 * @param {*} value - anything
 * @param {number} [limit] - the contract's limit of characters, 1000 when absent
 * @returns {string|null} the text as it stands; null when empty or too long
 */
exports.text = function (value, limit) {
    if (value === null || value === undefined) { return null; }
    var text = String(value);
    return text.length > 0 && text.length <= (limit || TEXT_LIMIT) ? text : null;
};

/**
 * @param {dw.value.Money} money - may be null or not available
 * @returns {number|null} major units with at most three decimals; null when there is no amount or a negative one
 */
exports.amount = function (money) {
    return money && money.available ? exports.rounded(money.value) : null;
};

/**
 * @param {number} value - major units
 * @returns {number|null} at most three decimals, as many as any currency has; null when negative
 */
exports.rounded = function (value) {
    var rounded = Math.round(value * 1000) / 1000;
    return isFinite(rounded) && rounded >= 0 ? Math.abs(rounded) : null;
};

/**
 * @param {string|Date} value - a moment, as text with an offset or as Date
 * @returns {string|null} in UTC with milliseconds; null when it is no moment of this century
 */
exports.instant = function (value) {
    // Not new Date(date): in ES5 that goes by way of text and loses the milliseconds.
    var moment = typeof value === 'string' ? new Date(value) : value;
    var isMoment = moment && typeof moment.getTime === 'function' && isFinite(moment.getTime());
    var text = isMoment ? moment.toISOString() : '';
    var hasOffset = typeof value !== 'string' || /(Z|[+-]\d\d:\d\d)$/.test(value);
    return hasOffset && INSTANT.test(text) ? text : null;
};

/**
 * @param {dw.util.Collection} collection - may be null
 * @returns {Array} its items
 */
exports.list = function (collection) {
    var items = [];
    var iterator = collection ? collection.iterator() : null;
    while (iterator && iterator.hasNext()) { items.push(iterator.next()); }
    return items;
};

/**
 * @param {Object} object - anything with custom attributes; may be null
 * @param {string} name - of an attribute this site may not have declared
 * @returns {*} its value, or null
 */
exports.custom = function (object, name) {
    var has = object && object.custom && name in object.custom;
    return has ? exports.plain(object.custom[name]) : null;
};

/**
 * @param {*} value - an enumeration's value as SFCC gives it, or anything else
 * @returns {*} what the enumeration holds; anything else as it is
 */
exports.plain = function (value) {
    var isEnum = value && (value instanceof EnumValue || typeof value.getDisplayValue === 'function');
    return isEnum ? value.value : value;
};

/**
 * @param {Object} given - anything
 * @returns {Object|null} the object itself when it is one
 */
exports.object = function (given) {
    return given && typeof given === 'object' && !Array.isArray(given) ? given : null;
};
