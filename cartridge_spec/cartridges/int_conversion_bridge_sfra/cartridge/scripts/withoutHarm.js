'use strict';

/** Tells of an error by kind and place only: a message may hold what the shopper typed. */
function log(what, thrown) {
    var Logger = require('dw/system/Logger');
    var known = thrown || {};
    Logger.getLogger('convbridge', 'storefront').error(
        '{0} failed with {1} in {2}, line {3}', what, known.name, known.fileName, known.lineNumber
    );
}

/**
 * Runs what the storefront must never notice, whatever it throws, and whether or not that can be logged. It
 * needs nothing of the core cartridge, which somebody may have left off the path.
 * @param {string} what - for the log
 * @param {Function} work - what may fail
 * @returns {*} what the work returned, or null when it failed
 */
module.exports = function withoutHarm(what, work) {
    try {
        return work();
    } catch (thrown) {
        try {
            log(what, thrown);
        } catch (unwritable) {
            // There is no place left to tell it.
        }
        return null;
    }
};
