'use strict';

var transactions = require('rig/transactions');
var world = require('rig/world');

/** `world.faults.transaction` names after how many good ones the database refuses to commit. */
function refused() {
    if (typeof world.faults.transaction !== 'number') { return false; }
    world.faults.transaction -= 1;
    return world.faults.transaction < 0;
}

exports.wrap = function (work) {
    transactions.begin();
    try {
        var value = work();
        if (refused()) { throw new Error('the transaction could not be committed'); }
        transactions.commit();
        return value;
    } catch (thrown) {
        transactions.rollback();
        throw thrown;
    }
};
exports.begin = transactions.begin;
exports.commit = transactions.commit;
exports.rollback = transactions.rollback;
