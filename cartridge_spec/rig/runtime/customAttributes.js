'use strict';

/**
 * The `custom` of a persistent object: only attributes that the metadata declare exist, each takes its own
 * type only, enums read as EnumValue, and writing needs a transaction.
 */
var EnumValue = require('dw/value/EnumValue');
var transactions = require('rig/transactions');

var FITS = {
    string: isText,
    text: isText,
    'enum-of-string': isText,
    boolean: function (value) { return typeof value === 'boolean'; },
    int: function (value) { return typeof value === 'number' && value % 1 === 0; },
    double: function (value) { return typeof value === 'number'; },
    datetime: function (value) { return value instanceof Date; },
    'set-of-string': Array.isArray
};

function isText(value) {
    return typeof value === 'string' && value.length <= 1000000;
}

function stored(type, value) {
    if (value === undefined || value === null) { return null; }
    return type === 'datetime' && typeof value === 'string' ? new Date(value) : value;
}

function define(custom, values, name, type) {
    values[name] = stored(type, values[name]);
    Object.defineProperty(custom, name, {
        enumerable: true,
        get: function () {
            return type === 'enum-of-string' ? new EnumValue(values[name]) : values[name];
        },
        set: function (value) {
            var before = values[name];
            if (!transactions.isOpen()) { throw new Error('writing ' + name + ' needs a transaction'); }
            if (value !== null && value !== undefined && !FITS[type](value)) {
                throw new TypeError(name + ' takes ' + type);
            }
            transactions.onRollback(function () { values[name] = before; });
            values[name] = stored(type, value);
        }
    });
}

/**
 * @param {Object} types - metadata type by attribute name
 * @param {Object} given - values to begin with
 * @returns {Object} what stands behind `custom`
 */
exports.make = function (types, given) {
    var custom = {};
    var values = {};
    Object.keys(given || {}).forEach(function (name) {
        if (!types[name]) { throw new Error('the metadata declare no attribute ' + name); }
        values[name] = given[name];
    });
    Object.keys(types).forEach(function (name) { define(custom, values, name, types[name]); });
    return Object.seal(custom);
};
