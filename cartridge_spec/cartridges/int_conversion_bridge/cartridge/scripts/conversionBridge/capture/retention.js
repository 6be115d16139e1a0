'use strict';

var DAY = 24 * 60 * 60 * 1000;

/**
 * The moment before which clicks are no longer kept.
 * @param {Date} now - the time
 * @param {number} days - how long they are kept
 * @returns {Date} moment
 */
function limit(now, days) {
    return new Date(now.getTime() - days * DAY);
}

/**
 * The touches that are still to be kept.
 * @param {Array<Object>} touches - as in the contract
 * @param {Date} now - the time
 * @param {number} days - how long they are kept
 * @returns {Array<Object>} touches
 */
function young(touches, now, days) {
    var oldest = limit(now, days).getTime();
    return touches.filter(function (touch) {
        return Date.parse(touch.at) >= oldest;
    });
}

module.exports = { limit: limit, young: young };
