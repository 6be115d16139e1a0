'use strict';

var world = require('rig/world');

exports.TAX_POLICY_GROSS = 0;
exports.TAX_POLICY_NET = 1;
exports.getTaxationPolicy = function () {
    return world.taxation === 'net' ? exports.TAX_POLICY_NET : exports.TAX_POLICY_GROSS;
};
Object.defineProperty(exports, 'taxationPolicy', { get: exports.getTaxationPolicy });
