'use strict';

var LIMIT = 64;

/**
 * The id by which a platform knows that pixel and server speak of one event.
 *
 * @param {dw.order.Order} order - any
 * @param {Object} site - from currentSite.js
 * @returns {string} what was kept at placement, else from `cbEventIdTemplate`; the order number when that
 *     gets longer than 64 characters
 */
exports.of = function (order, site) {
    return order.custom.cbEventId || exports.fresh(order, site);
};

/**
 * @param {dw.order.Order} order - any
 * @param {Object} site - from currentSite.js
 * @returns {string} from the template as it is now
 */
exports.fresh = function (order, site) {
    var parts = { '{order_no}': order.orderNo, '{site_id}': site.id };
    var made = site.settings.cbEventIdTemplate.replace(/\{order_no\}|\{site_id\}/g, function (part) {
        return parts[part];
    });
    return made.length <= LIMIT ? made : order.orderNo;
};
