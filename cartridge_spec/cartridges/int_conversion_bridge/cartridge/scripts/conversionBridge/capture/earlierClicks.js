'use strict';

var retention = require('./retention');
var touches = require('./touches');

/**
 * The clicks that a customer's profile remembers, for an order that no storefront saw: in a store, by phone.
 * They were kept with consent; clicks after the order, and those too old by then, are left out.
 * @param {dw.order.Order} order - any
 * @param {number} days - how long clicks are kept
 * @returns {Array<Object>} touches, oldest first
 */
function of(order, days) {
    var profile = order.customer && order.customer.profile;
    var kept = profile && profile.custom ? touches.fromText(profile.custom.cbTouches) : [];
    return retention.young(kept, order.creationDate, days).filter(function (touch) {
        return Date.parse(touch.at) <= order.creationDate.getTime();
    });
}

module.exports = { of: of };
