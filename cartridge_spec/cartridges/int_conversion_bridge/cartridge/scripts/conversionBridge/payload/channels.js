'use strict';

var Order = require('dw/order/Order');

/** SFCC's channel types (order.xsd, simpleType Order.ChannelType) as the contract names them. */
var CHANNELS = {
    STOREFRONT: 'storefront',
    CALLCENTER: 'call_center',
    MARKETPLACE: 'marketplace',
    DSS: 'dss',
    STORE: 'store',
    PINTEREST: 'social',
    TWITTER: 'social',
    FACEBOOKADS: 'social',
    SUBSCRIPTIONS: 'subscription',
    ONLINERESERVATION: 'other',
    CUSTOMERSERVICECENTER: 'customer_service_center',
    INSTAGRAMCOMMERCE: 'social',
    GOOGLE: 'marketplace',
    TIKTOK: 'social',
    SNAPCHAT: 'social',
    WHATSAPP: 'whatsapp',
    YOUTUBE: 'social',
    CHATGPT: 'other',
    GEMINI: 'other'
};
var TOLD_BY_THE_STOREFRONT = ['app', 'whatsapp', 'social', 'subscription'];
var WITH_A_BROWSER = ['storefront', 'app', 'whatsapp', 'social'];

/**
 * @param {dw.order.Order} order - placed
 * @param {string} [told] - what a headless storefront calls itself, such as `app`
 * @returns {string} the contract's channel
 */
exports.of = function (order, told) {
    var own = byType(order.channelType) || withoutType(order);
    return own === 'storefront' && TOLD_BY_THE_STOREFRONT.indexOf(told) >= 0 ? told : own;
};

/**
 * @param {dw.order.Order} order - placed
 * @returns {boolean} whether an agent typed it in: his browser is not the shopper's
 */
exports.isAgents = function (order) {
    return Boolean(order.createdBy) && order.createdBy !== 'Customer';
};

/**
 * @param {dw.order.Order} order - placed
 * @param {string} channel - the contract's
 * @returns {boolean} whether the shopper's own browser was there
 */
exports.hasBrowser = function (order, channel) {
    return WITH_A_BROWSER.indexOf(channel) >= 0 && !exports.isAgents(order);
};

function byType(channelType) {
    if (!channelType || channelType.value === null || channelType.value === undefined) { return null; }
    var display = String(channelType.displayValue).toUpperCase().replace(/[^A-Z]/g, '');
    var name = Object.keys(CHANNELS).filter(function (candidate) {
        return Order['CHANNEL_TYPE_' + candidate] === channelType.value;
    })[0];
    // An older API version has no constant for a newer channel.
    return CHANNELS[name] || CHANNELS[display] || 'other';
}

function withoutType(order) {
    if (order.imported) { return 'other'; }
    return exports.isAgents(order) ? 'call_center' : 'storefront';
}
