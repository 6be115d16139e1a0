'use strict';

/**
 * An order in SFCC becomes the document the bridge takes: contract `order/1`, order.schema.json.
 * Nothing is hashed here: the bridge normalises for each platform, then hashes.
 */
var channels = require('*/cartridge/scripts/conversionBridge/payload/channels');
var earlierClicks = require('*/cartridge/scripts/conversionBridge/capture/earlierClicks');
var consents = require('*/cartridge/scripts/conversionBridge/consent');
var eventId = require('*/cartridge/scripts/conversionBridge/eventId');
var lines = require('*/cartridge/scripts/conversionBridge/payload/lines');
var people = require('*/cartridge/scripts/conversionBridge/payload/people');
var replaced = require('*/cartridge/scripts/conversionBridge/payload/replaced');
var snapshot = require('*/cartridge/scripts/conversionBridge/snapshot');
var statuses = require('*/cartridge/scripts/conversionBridge/payload/statuses');
var totals = require('*/cartridge/scripts/conversionBridge/payload/totals');
var values = require('*/cartridge/scripts/conversionBridge/payload/values');
var visit = require('*/cartridge/scripts/conversionBridge/payload/visit');

var COUPONS_LIMIT = 100;
var IN_SHOPS = ['store', 'dss'];

/**
 * @param {dw.order.Order} order - placed
 * @param {Object} site - from currentSite.js
 * @returns {Object} the document, the same for the same order whoever calls and when, but for the states
 */
exports.order = function (order, site) {
    var kept = snapshot.read(order);
    var permitted = visit.permitted(kept);
    var channel = channels.of(order, kept.channel);
    var document = frame(order, site, 'order');
    document.channel = channel;
    document.placed_at = values.instant(snapshot.placedAt(order));
    document.event_id = eventId.of(order, site);
    document.replaces_order_no = replaced.orderNo(order);
    document.taxation = site.taxation;
    document.locale = values.text(order.customerLocaleID);
    document.new_customer = people.newCustomer(order);
    document.status = statuses.of(order);
    document.totals = totals.of(order);
    document.lines = lines.of(order, site.taxation);
    document.coupons = coupons(order);
    document.store = IN_SHOPS.indexOf(channel) >= 0 ? { store_id: storeId(order) } : null;
    document.customer = people.customer(order, visit.externalIds(kept.external_ids));
    document.billing_address = people.address(order.billingAddress);
    document.shipping_address = people.address(shippingAddress(order));
    document.browser = channels.hasBrowser(order, channel) ? permitted.browser : null;
    document.touches = kept.touches || refusesStorage(kept)
        ? permitted.touches
        : earlierClicks.of(order, site.settings.cbClickRetentionDays);
    document.consent = consents.clean(kept.consent);
    return document;
};

/**
 * @param {dw.order.Order} order - sent earlier
 * @param {Object} site - from currentSite.js
 * @param {Object} change - what happened to it: kind, reference, at, and gross for a refund
 * @returns {Object} a cancellation or refund
 */
exports.adjustment = function (order, site, change) {
    var document = frame(order, site, change.kind);
    document.channel = channels.of(order, snapshot.read(order).channel);
    document.placed_at = change.at;
    document.reference = change.reference;
    document.totals = change.gross === undefined ? null : { gross: change.gross };
    return document;
};

/** Earlier clicks were read from a device too: a no at this order is a no to them. */
function refusesStorage(kept) {
    return Boolean(kept.consent) && kept.consent.ad_storage === 'denied';
}

function frame(order, site, kind) {
    return {
        contract: 'order/1',
        kind: kind,
        site_id: site.id,
        instance: site.instance,
        order_no: order.orderNo,
        currency: order.currencyCode
    };
}

function coupons(order) {
    var codes = values.list(order.couponLineItems).map(function (line) { return values.text(line.couponCode); });
    return codes.filter(Boolean).slice(0, COUPONS_LIMIT);
}

function storeId(order) {
    var shipment = order.defaultShipment;
    return values.text(values.custom(order, 'fromStoreId') || values.custom(shipment, 'fromStoreId'));
}

function shippingAddress(order) {
    var first = values.list(order.shipments).filter(function (shipment) {
        return shipment.shippingAddress && !values.custom(shipment, 'fromStoreId');
    })[0];
    return first ? first.shippingAddress : null;
}
