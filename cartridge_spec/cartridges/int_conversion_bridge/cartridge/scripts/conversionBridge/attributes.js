'use strict';

/**
 * Every custom attribute the core keeps on an Order, with its type in the metadata. `cbSnapshot` also
 * stands on Basket, where a headless storefront writes it: see snapshot.js for its form.
 */

/** Values of `cbStatus`. Only `pending` is looked at again by the sweep. */
exports.STATUS = {
    PENDING: 'pending',
    SENT: 'sent',
    SKIPPED: 'skipped',
    FAILED: 'failed'
};

exports.ORDER = {
    cbStatus: 'enum-of-string',
    cbReason: 'string',
    cbAttempts: 'int',
    cbNextAttemptAt: 'datetime',
    cbPlacedAt: 'datetime',
    cbSentAt: 'datetime',
    cbEventId: 'string',
    cbSnapshot: 'text',
    cbAdjustment: 'text',
    cbRefundedAmount: 'double',
    cbCancelledAt: 'datetime'
};

exports.BASKET = {
    cbSnapshot: 'text'
};

/** Clicks of customers: see capture/profileClicks.js. */
exports.PROFILE = {
    cbTouches: 'text',
    cbTouchedAt: 'datetime'
};

/** Clicks of guests, in custom objects of this type: see capture/clickAttribution.js. */
exports.CLICK_ATTRIBUTION = {
    touches: 'text',
    touchedAt: 'datetime'
};
