'use strict';

/**
 * Shop API and Shopper Orders share these extension points. Nothing is returned: a value
 * other than null would stop later cartridges and the platform's own handling. Nothing is thrown: it would
 * take the order back.
 *
 * The request here comes from the storefront's server or an agent, so nothing is read from it: browser, clicks
 * and consent are what the storefront wrote on the basket as `c_cbSnapshot`.
 */
function keep(container) {
    var snapshot = require('*/cartridge/scripts/conversionBridge/snapshot');
    request.custom.cbSnapshot = snapshot.read(container);
}

function quietly(what, order, work) {
    try {
        work();
    } catch (thrown) {
        require('*/cartridge/scripts/conversionBridge/log').failed(what, order, thrown);
    }
}

/** @param {dw.order.Basket} basket - about to become an order */
exports.beforePOST = function (basket) {
    quietly('basket', null, function () { keep(basket); });
};

function take(order) {
    var snapshot = require('*/cartridge/scripts/conversionBridge/snapshot');
    var site = require('*/cartridge/scripts/conversionBridge/currentSite').read();
    var own = snapshot.read(order);
    // SFCC copies an attribute of the same name from the basket; where it does not, this does.
    var known = Object.keys(own).length > 0 ? own : request.custom.cbSnapshot;
    if (site.settings.cbEnabled) { snapshot.take(order, known || null, site); }
}

/** @param {dw.order.Order} order - created, inside the platform's transaction */
exports.afterPOST = function (order) {
    quietly('snapshot', order, function () { take(order); });
};

/**
 * Where a cartridge to the left has ended the chain of afterPOST, the snapshot is taken here.
 * @param {dw.order.Order} order - committed; still only created when payment comes later
 */
exports.modifyPOSTResponse = function (order) {
    quietly('late snapshot', order, function () {
        if (!order.custom.cbEventId) {
            require('dw/system/Transaction').wrap(function () { take(order); });
        }
    });
    require('*/cartridge/scripts/conversionBridge/fastCall').send(order);
};
