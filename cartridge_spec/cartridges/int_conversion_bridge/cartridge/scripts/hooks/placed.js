'use strict';

/**
 * Extension point `app.conversion.bridge.order.placed`, for storefronts that cannot append to a controller.
 *
 * @param {dw.order.Order} order - placed
 * @param {Object|null} capture - as snapshot.js describes it
 */
exports.placed = function (order, capture) {
    require('*/cartridge/scripts/conversionBridge/placed').placed(order, capture);
};
