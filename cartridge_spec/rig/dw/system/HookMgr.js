'use strict';

var world = require('rig/world');

/** `world.hooks` maps an extension point to the modules behind it, in the order of the cartridge path. */
exports.hasHook = function (extensionPoint) {
    return (world.hooks[extensionPoint] || []).length > 0;
};

exports.callHook = function (extensionPoint, functionName) {
    var values = Array.prototype.slice.call(arguments, 2);
    var last;
    (world.hooks[extensionPoint] || []).forEach(function (script) {
        var implementation = require(script)[functionName];
        if (implementation) { last = implementation.apply(null, values); }
    });
    return last;
};
