'use strict';

/**
 * The database's transactions: persistent attributes may only be written inside one, and what was written
 * is undone when it fails.
 */
var depth = 0;
var undo = [];

exports.isOpen = function () {
    return depth > 0;
};

exports.onRollback = function (step) {
    undo.push(step);
};

exports.begin = function () {
    depth += 1;
};

exports.commit = function () {
    depth -= 1;
    if (depth === 0) { undo = []; }
};

exports.rollback = function () {
    depth = 0;
    undo.reverse().forEach(function (step) { step(); });
    undo = [];
};
