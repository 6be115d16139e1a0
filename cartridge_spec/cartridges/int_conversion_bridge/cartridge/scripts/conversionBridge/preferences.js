'use strict';

/**
 * Every site preference the core reads, with its type in the metadata and what counts when it is not set.
 * A preference that is missing altogether (metadata not imported) counts as not set, so that nothing is
 * sent before an installation is whole.
 */
var Site = require('dw/system/Site');
var values = require('./payload/values');

exports.DEFINITIONS = {
    cbEnabled: { type: 'boolean', standard: false },
    cbRealtime: { type: 'boolean', standard: true },
    cbTimeoutMs: { type: 'int', standard: 700, min: 50, max: 10000 },
    cbConsentMode: { type: 'enum-of-string', standard: 'opt_out', choices: ['require', 'opt_out', 'off'] },
    cbConfirmedRule: { type: 'enum-of-string', standard: 'confirmed', choices: ['confirmed', 'placed', 'paid'] },
    cbChannels: { type: 'set-of-string', standard: [] },
    cbLookbackHours: { type: 'int', standard: 168, min: 1, max: 1440 },
    cbOrdersFrom: { type: 'datetime', standard: 0 },
    cbAllowNonProduction: { type: 'boolean', standard: false },
    cbAdjustments: { type: 'boolean', standard: true },
    cbEventIdTemplate: { type: 'string', standard: '{order_no}' },
    cbCredentialId: { type: 'string', standard: '' },
    cbCapture: { type: 'boolean', standard: true },
    cbCaptureUnasked: { type: 'boolean', standard: false },
    cbClickRetentionDays: { type: 'int', standard: 90, min: 1, max: 400 },
    cbGuestClicks: { type: 'boolean', standard: false },
    cbCookieDomain: { type: 'string', standard: '' },
    cbPixelPurchase: { type: 'boolean', standard: false }
};

/**
 * @param {string} id - one of DEFINITIONS
 * @returns {*} boolean, number, string, or array of strings, as the definition says; never null; a time is a
 *     number of milliseconds
 */
exports.read = function (id) {
    var definition = exports.DEFINITIONS[id];
    var given = Site.getCurrent().getCustomPreferenceValue(id);
    return READERS[definition.type](given, definition);
};

/**
 * @returns {Object} every preference of the current site by its id
 */
exports.readAll = function () {
    var settings = {};
    Object.keys(exports.DEFINITIONS).forEach(function (id) {
        settings[id] = exports.read(id);
    });
    return settings;
};

var READERS = {
    boolean: function (given, definition) {
        return given === null || given === undefined ? definition.standard : given === true;
    },
    int: function (given, definition) {
        var number = Number(given);
        var usable = given !== null && given !== undefined && isFinite(number);
        return usable ? Math.min(Math.max(number, definition.min), definition.max) : definition.standard;
    },
    datetime: function (given, definition) {
        return given && typeof given.getTime === 'function' ? given.getTime() : definition.standard;
    },
    string: function (given, definition) {
        return given ? String(given) : definition.standard;
    },
    'enum-of-string': function (given, definition) {
        var value = values.plain(given);
        return definition.choices.indexOf(String(value)) >= 0 ? String(value) : definition.standard;
    },
    'set-of-string': function (given, definition) {
        return given ? Array.prototype.slice.call(given).map(String) : definition.standard;
    }
};
