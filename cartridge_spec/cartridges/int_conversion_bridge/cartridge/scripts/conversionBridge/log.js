'use strict';

/**
 * Own log file, and nothing personal in it: order numbers, states and reasons only. Nothing here throws: it is
 * called where an error has just been caught, and a log that cannot be written costs no order.
 */
var Logger = require('dw/system/Logger');

function quietly(write) {
    try {
        write(Logger.getLogger('convbridge', 'conversionbridge'));
    } catch (unwritable) {
        // There is no place left to tell it.
    }
}

/**
 * @param {dw.order.Order} order - that was sent
 * @param {{status: string, reason: string}} outcome - from outcome.js
 */
exports.told = function (order, outcome) {
    var level = outcome.status === 'sent' ? 'info' : 'warn';
    quietly(function (logger) {
        logger[level]('order {0}: {1}, {2}', order.orderNo, outcome.status, outcome.reason);
    });
};

/**
 * @param {string} what - was being done
 * @param {dw.order.Order} order - to which; may be null
 * @param {*} thrown - its message is left out, since it may quote what the shopper typed
 */
exports.failed = function (what, order, thrown) {
    quietly(function (logger) {
        var place = thrown && thrown.fileName ? thrown.fileName + ':' + thrown.lineNumber : 'unknown place';
        var name = (thrown && thrown.name) || 'error';
        logger.error('{0} of order {1} ended with {2} at {3}', what, order ? order.orderNo : '?', name, place);
    });
};

/**
 * @param {string} job - which
 * @param {Object} counts - what it did, by name
 */
exports.summary = function (job, counts) {
    var parts = Object.keys(counts).map(function (name) { return name + ' ' + counts[name]; });
    quietly(function (logger) { logger.info('{0}: {1}', job, parts.join(', ')); });
};
