'use strict';

/** What a module exports, for tests that hold metadata against code. */
exports.value = function (module, name) {
    return require(module)[name];
};

/** @returns {boolean} whether the module loads and has a function of this name */
exports.hasFunction = function (module, name) {
    return typeof require(module)[name] === 'function';
};
