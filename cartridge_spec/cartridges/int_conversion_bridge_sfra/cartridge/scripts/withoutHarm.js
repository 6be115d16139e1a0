'use strict';

var Logger = require('dw/system/Logger');

/**
 * Runs what the storefront must never notice. What it throws is logged by kind and place only: a message
 * may hold what the shopper typed.
 * @param {string} what - for the log
 * @param {Function} work - what may fail
 * @returns {*} what the work returned, or null when it failed
 */
module.exports = function withoutHarm(what, work) {
    try {
        return work();
    } catch (e) {
        Logger.getLogger('convbridge', 'storefront').error(
            '{0} failed with {1} in {2}, line {3}', what, e.name, e.fileName, e.lineNumber
        );
        return null;
    }
};
