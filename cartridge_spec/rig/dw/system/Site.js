'use strict';

var ArrayList = require('dw/util/ArrayList');
var accessors = require('rig/accessors');
var world = require('rig/world');

function current() {
    if (world.faults.settings) { throw new Error('the site cannot be read'); }
    var site = accessors({ ID: world.siteId, name: world.siteId, httpsHostName: world.hostname, defaultLocale: 'default' });
    site.getCustomPreferenceValue = function (id) {
        return world.preferences[id] === undefined ? null : world.preferences[id];
    };
    return site;
}

exports.getCurrent = current;
exports.getAllSites = function () { return new ArrayList([current()]); };
Object.defineProperty(exports, 'current', { get: current });
