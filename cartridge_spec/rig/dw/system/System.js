'use strict';

var world = require('rig/world');

exports.DEVELOPMENT_SYSTEM = 0;
exports.STAGING_SYSTEM = 1;
exports.PRODUCTION_SYSTEM = 2;

// A sandbox calls itself a development system.
var TYPES = { sandbox: 0, development: 0, staging: 1, production: 2 };

exports.getInstanceType = function () { return TYPES[world.instance]; };
exports.getInstanceHostname = function () { return world.instanceHostname || world.hostname; };
Object.defineProperty(exports, 'instanceType', { get: exports.getInstanceType });
Object.defineProperty(exports, 'instanceHostname', { get: exports.getInstanceHostname });
