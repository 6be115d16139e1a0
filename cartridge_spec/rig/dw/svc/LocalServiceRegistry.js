'use strict';

var accessors = require('rig/accessors');
var services = require('rig/services');
var world = require('rig/world');

exports.createService = function (id, callbacks) {
    var settings = world.services[id];
    if (!settings) { throw new Error('no service is configured with the id ' + id); }
    return accessors(services.make(id, settings, callbacks));
};
