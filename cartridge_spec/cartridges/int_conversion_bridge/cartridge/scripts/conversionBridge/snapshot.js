'use strict';

/**
 * What only the shopper's request knows, kept on the order for every later call: browser, clicks, consent.
 *
 * `cbSnapshot` is JSON: `{"browser": {...}, "touches": [...], "consent": {...}}` with the contract's members,
 * and for headless storefronts `"channel": "app"` and `"external_ids": [...]`.
 */
var attributes = require('*/cartridge/scripts/conversionBridge/attributes');
var eventId = require('*/cartridge/scripts/conversionBridge/eventId');
var statuses = require('*/cartridge/scripts/conversionBridge/payload/statuses');
var visit = require('*/cartridge/scripts/conversionBridge/payload/visit');

/**
 * Writes the snapshot; call it inside a transaction, once the order exists. A second call changes nothing.
 *
 * @param {dw.order.Order} order - created or placed
 * @param {Object|null} capture - as above; null when the request knows nothing of the shopper
 * @param {Object} site - from currentSite.js
 */
exports.take = function (order, capture, site) {
    var kept = order.custom;
    if (kept.cbEventId) { return; }
    kept.cbEventId = eventId.fresh(order, site);
    kept.cbStatus = attributes.STATUS.PENDING;
    if (capture) { kept.cbSnapshot = JSON.stringify(compact(capture)); }
    if (statuses.of(order).order !== 'created') { kept.cbPlacedAt = new Date(); }
};

/**
 * @param {dw.order.Order|dw.order.Basket} container - with or without a snapshot
 * @returns {Object} the snapshot; empty when there is none or somebody wrote what is no JSON object
 */
exports.read = function (container) {
    try {
        var parsed = JSON.parse(container.custom.cbSnapshot || '{}');
        return parsed && typeof parsed === 'object' ? parsed : {};
    } catch (unreadable) {
        return {};
    }
};

/**
 * @param {dw.order.Order} order - placed
 * @returns {Date} when it was placed, the same in every call
 */
exports.placedAt = function (order) {
    return order.custom.cbPlacedAt || order.creationDate;
};

function compact(capture) {
    var permitted = visit.permitted(capture);
    return {
        browser: permitted.browser,
        touches: permitted.touches,
        consent: capture.consent || null,
        channel: capture.channel || undefined,
        external_ids: capture.external_ids || undefined
    };
}
