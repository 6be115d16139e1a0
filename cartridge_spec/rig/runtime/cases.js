'use strict';

/** What tests do with the core cartridge: the calls a storefront, an API or a scheduler makes. */
var EnumValue = require('dw/value/EnumValue');
var orderSearch = require('rig/orderSearch');
var orders = require('rig/orders');
var world = require('rig/world');

function core(name) {
    return require('int_conversion_bridge/cartridge/scripts/' + name);
}

/** An order is in SFCC, and no cartridge has seen it. */
exports.add = function (records) {
    orders.add(records);
};

/** What the checkout's own code ends with, whatever the bridge does: a result page for the order. */
exports.checkout = function (record, capture) {
    orders.add([record]);
    var order = world.orders[record.plain.orderNo];
    var returned = core('conversionBridge/placed').placed(order, capture);
    return { orderID: order.orderNo, status: order.status.value, returned: returned === undefined ? 'nothing' : 'a value' };
};

exports.payload = function (orderNo) {
    var site = core('conversionBridge/currentSite').read();
    return core('conversionBridge/payload').order(world.orders[orderNo], site);
};

/** One of the job steps, as the scheduler runs it. */
exports.run = function (step, parameters) {
    var status = core('jobsteps/' + step).execute(parameters || {}, {});
    var told = { error: status.error, code: status.code, message: status.message };
    if (/^\{/.test(status.message)) { told.counts = JSON.parse(status.message); }
    return told;
};

/** The attributes of an order as Business Manager shows them. */
exports.state = function (orderNo) {
    var custom = world.orders[orderNo].custom;
    var shown = {};
    Object.keys(custom).forEach(function (name) {
        var value = custom[name];
        shown[name] = value instanceof EnumValue ? value.value : value;
    });
    return shown;
};

exports.states = function () {
    var states = {};
    Object.keys(world.orders).forEach(function (orderNo) { states[orderNo] = exports.state(orderNo); });
    return states;
};

/** Every order again, whatever became of it. */
exports.requeueAll = function () {
    Object.keys(world.orders).forEach(function (orderNo) {
        core('conversionBridge/orderState').requeue(world.orders[orderNo]);
    });
};

/** A sweep on a site of this taxation whose search finds these orders only. */
exports.sweepOnly = function (taxation, orderNumbers) {
    world.change({ taxation: taxation });
    orderSearch.freeze(orderNumbers);
    try {
        return exports.run('sweep', { GraceMinutes: 0 });
    } finally {
        orderSearch.freeze(null);
    }
};

/** Time passes: whatever waits for its next attempt is due. */
exports.waitUntilDue = function () {
    var transactions = require('rig/transactions');
    transactions.begin();
    Object.keys(world.orders).forEach(function (orderNo) {
        var custom = world.orders[orderNo].custom;
        if (custom.cbNextAttemptAt) { custom.cbNextAttemptAt = new Date(0); }
    });
    transactions.commit();
};

/** A member that no cartridge can read. */
exports.breakOrder = function (orderNo, member) {
    Object.defineProperty(world.orders[orderNo], member, {
        get: function () { throw new Error('the database has gone away'); }
    });
};

/** Gives an order the lines of another. */
exports.mendOrder = function (orderNo, otherNo) {
    world.orders[orderNo].allProductLineItems = world.orders[otherNo].allProductLineItems;
};

/**
 * POST /orders of a headless storefront: two hooks inside the platform's transaction, one after it. Once another
 * cartridge has ended the chain, ours is not asked inside of it.
 */
exports.headless = function (record, basketSnapshot, chainEnded) {
    var hooks = core('hooks/order');
    var transactions = require('rig/transactions');
    var returned = [hooks.beforePOST({ custom: { cbSnapshot: basketSnapshot } })];
    orders.add([record]);
    var order = world.orders[record.plain.orderNo];
    transactions.begin();
    if (!chainEnded) { returned.push(hooks.afterPOST(order)); }
    transactions.commit();
    returned.push(hooks.modifyPOSTResponse(order, {}));
    return returned.map(function (value) { return value === undefined ? 'nothing' : 'a value'; });
};

/** What a storefront does that has no controller of ours: it calls the extension point. */
exports.callPlacedHook = function (record, capture) {
    var HookMgr = require('dw/system/HookMgr');
    orders.add([record]);
    var order = world.orders[record.plain.orderNo];
    var returned = HookMgr.callHook('app.conversion.bridge.order.placed', 'placed', order, capture);
    return returned === undefined ? 'nothing' : 'a value';
};

exports.exportsOf = function (script) {
    return Object.keys(require(script));
};

/** The shopper's session, for scripts that read the global. */
exports.setSession = function (session) {
    world.session = session;
};

/** A table that a module exports. */
exports.tableOf = function (script, name) {
    return require(script)[name];
};
