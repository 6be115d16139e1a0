'use strict';

var ArrayList = require('dw/util/ArrayList');
var EnumValue = require('dw/value/EnumValue');
var accessors = require('rig/accessors');
var world = require('rig/world');

function typed(id, value) {
    var definition = require('int_conversion_bridge/cartridge/scripts/conversionBridge/preferences').DEFINITIONS[id];
    if (definition.type === 'datetime') { return new Date(value); }
    return definition.type === 'enum-of-string' ? new EnumValue(value) : value;
}

function current() {
    if (world.faults.settings) { throw new Error('the site cannot be read'); }
    var site = accessors({ ID: world.siteId, name: world.siteId, httpsHostName: world.hostname, defaultLocale: 'default' });
    site.getCustomPreferenceValue = function (id) {
        return world.preferences[id] === undefined ? null : typed(id, world.preferences[id]);
    };
    return site;
}

exports.getCurrent = current;
exports.getAllSites = function () { return new ArrayList([current()]); };
Object.defineProperty(exports, 'current', { get: current });
