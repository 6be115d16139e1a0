'use strict';

var attributes = require('int_conversion_bridge/cartridge/scripts/conversionBridge/attributes');
var customAttributes = require('rig/customAttributes');
var transactions = require('rig/transactions');
var world = require('rig/world');

/** The types that the metadata declare. */
var TYPES = { ClickAttribution: attributes.CLICK_ATTRIBUTION };

function ofType(type) {
    if (!TYPES[type]) {
        throw new Error('the metadata declare no custom object type ' + type);
    }
    world.customObjects[type] = world.customObjects[type] || {};
    return world.customObjects[type];
}

function inTransaction(what) {
    if (!transactions.isOpen()) {
        throw new Error(what + ' a custom object needs a transaction');
    }
}

exports.getCustomObject = function (type, key) {
    return ofType(type)[key] || null;
};

exports.createCustomObject = function (type, key) {
    var kept = ofType(type);
    inTransaction('creating');
    if (kept[key]) {
        throw new Error('there is a ' + type + ' with this key');
    }
    kept[key] = { type: type, key: key, custom: customAttributes.make(TYPES[type], {}) };
    return kept[key];
};

/** A SeekableIterator over every record, as an index that is behind: the query is not looked at. */
exports.queryCustomObjects = function (type) {
    var kept = ofType(type);
    var keys = Object.keys(kept);
    return {
        hasNext: function () { return keys.length > 0; },
        next: function () { return kept[keys.shift()]; },
        close: function () { keys = []; }
    };
};

exports.remove = function (object) {
    inTransaction('removing');
    delete ofType(object.type)[object.key];
};
