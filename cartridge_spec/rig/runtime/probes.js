'use strict';

/** Small scripts by which the rig's own tests look at its stand-ins. */
var Transaction = require('dw/system/Transaction');
var customAttributes = require('rig/customAttributes');

exports.write = function (types, name, value, inTransaction) {
    var custom = customAttributes.make(types, {});
    function write() { custom[name] = value; }
    if (inTransaction) { Transaction.wrap(write); } else { write(); }
    return custom[name];
};

exports.writeThenFail = function (types, name, value) {
    var custom = customAttributes.make(types, {});
    try {
        Transaction.wrap(function () { custom[name] = value; });
    } catch (refused) {
        return custom[name];
    }
    throw new Error('the transaction was committed');
};
