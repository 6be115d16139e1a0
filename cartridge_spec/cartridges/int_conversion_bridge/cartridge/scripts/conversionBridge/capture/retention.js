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
    var since = limit(now, days).getTime();
    return touches.filter(function (touch) {
        return Date.parse(touch.at) >= since;
    });
}

/**
 * When the first of these touches has to go, less the days that they are kept.
 * @param {Array<Object>} touches - as in the contract, oldest first
 * @returns {Date|null} the time of the oldest; null when there is none
 */
function oldest(touches) {
    return touches.length ? new Date(Date.parse(touches[0].at)) : null;
}

module.exports = { limit: limit, oldest: oldest, young: young };
