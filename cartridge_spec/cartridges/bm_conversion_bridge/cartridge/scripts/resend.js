'use strict';

var OrderMgr = require('dw/order/OrderMgr');
var currentSite = require('*/cartridge/scripts/conversionBridge/currentSite');
var fastCall = require('*/cartridge/scripts/conversionBridge/fastCall');
var orderState = require('*/cartridge/scripts/conversionBridge/orderState');
var verdict = require('*/cartridge/scripts/conversionBridge/verdict');

/** Why an order is not sent, in the user's words: every reason of eligibility.js but those of a first try. */
var REFUSALS = {
    disabled: 'the site preference cbEnabled is off',
    non_production_instance: 'this is no production instance, and cbAllowNonProduction is off',
    channel_not_selected: 'cbChannels does not name its channel',
    consent_denied: 'the shopper refused',
    consent_unknown: 'the shopper has not agreed, and cbConsentMode is require',
    ended_before_sending: 'it was cancelled or replaced',
    before_start: 'it was created before cbOrdersFrom. The back-fill job sends such orders',
    too_old: 'it is older than cbLookbackHours. The back-fill job sends older orders, but the platforms take none'
        + ' from before their own windows',
    not_placed: 'it is not placed',
    not_confirmed: 'it is not confirmed',
    not_paid: 'it is not paid'
};

function refusal(order, reason) {
    return 'Order ' + order.orderNo + ' is not sent again: ' + REFUSALS[reason] + '. Nothing was changed: '
        + (orderState.status(order) || 'not looked at yet') + '.';
}

function send(order) {
    orderState.requeue(order);
    fastCall.send(order);
    var reason = order.custom.cbReason;
    // What the call could not do, the job does.
    return 'Order ' + order.orderNo + ': ' + orderState.status(order) + (reason ? ', ' + reason : '');
}

/**
 * Sends one order again, whatever became of it, if it may be sent at all. The bridge counts it once all the
 * same.
 * @param {string} orderNo - as the user typed it
 * @returns {string} what to tell the user
 */
exports.one = function (orderNo) {
    var order = orderNo ? OrderMgr.getOrder(orderNo) : null;
    if (!order) {
        return 'There is no order with this number.';
    }
    var judged = verdict.anew(order, currentSite.read(), new Date());
    return judged.verdict === 'send' ? send(order) : refusal(order, judged.reason);
};

exports.REFUSALS = REFUSALS;
