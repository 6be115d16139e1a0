'use strict';

var world = require('rig/world');

/** As an index that is behind: every profile is found, whatever the query asks for. */
exports.processProfiles = function (callback) {
    Object.keys(world.profiles || {}).forEach(function (customerNo) {
        callback(world.profiles[customerNo]);
    });
};
