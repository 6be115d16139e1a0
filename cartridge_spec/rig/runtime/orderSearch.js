'use strict';

/**
 * SFCC's query language as far as it is used here: comparisons of attributes with {n} or NULL, AND, OR,
 * parentheses. Like SFCC's, it answers from an index: see `freeze`.
 */
var EnumValue = require('dw/value/EnumValue');
var world = require('rig/world');
var frozen = null;

var COMPARE = {
    '=': function (left, right) { return left === right; },
    '!=': function (left, right) { return left !== right; },
    '<': function (left, right) { return left !== null && left < right; },
    '<=': function (left, right) { return left !== null && left <= right; },
    '>': function (left, right) { return left !== null && left > right; },
    '>=': function (left, right) { return left !== null && left >= right; }
};

function plain(value) {
    if (value === null || value === undefined) { return null; }
    if (value instanceof Date) { return value.getTime(); }
    return value instanceof EnumValue ? value.value : value;
}

function attributeOf(order, attribute) {
    return plain(attribute.split('.').reduce(function (object, name) {
        if (!(name in object)) { throw new Error('orders have no attribute ' + attribute); }
        return object[name];
    }, order));
}

function Parser(query, values) {
    this.tokens = query.match(/\(|\)|\{\d+\}|<=|>=|!=|[=<>]|[\w.]+/g);
    this.given = values;
}

Parser.prototype.any = function () {
    var parts = [this.all()];
    while (this.tokens[0] === 'OR') { this.tokens.shift(); parts.push(this.all()); }
    return function (order) { return parts.some(function (part) { return part(order); }); };
};

Parser.prototype.all = function () {
    var parts = [this.one()];
    while (this.tokens[0] === 'AND') { this.tokens.shift(); parts.push(this.one()); }
    return function (order) { return parts.every(function (part) { return part(order); }); };
};

Parser.prototype.one = function () {
    if (this.tokens[0] === '(') {
        this.tokens.shift();
        var inner = this.any();
        this.tokens.shift();
        return inner;
    }
    var attribute = this.tokens.shift();
    var compare = COMPARE[this.tokens.shift()];
    var right = this.right(this.tokens.shift());
    return function (order) { return compare(attributeOf(order, attribute), right); };
};

Parser.prototype.right = function (token) {
    return token === 'NULL' ? null : plain(this.given[Number(token.slice(1, -1))]);
};

function matching(query, values) {
    var matches = new Parser(query, values).any();
    return Object.keys(world.orders).filter(function (orderNo) { return matches(world.orders[orderNo]); });
}

exports.search = function (query, values) {
    var numbers = frozen || matching(query, values);
    return numbers.map(function (orderNo) { return world.orders[orderNo]; });
};

/** A SeekableIterator over those of `orders` that match, as far as it is used. */
exports.iterator = function (orders, query, values) {
    return seekable(orders.filter(new Parser(query, values).any()));
};

function seekable(found) {
    var at = 0;
    return {
        count: found.length,
        hasNext: function () { return at < found.length; },
        next: function () { at += 1; return found[at - 1]; },
        close: function () { at = found.length; }
    };
}

exports.seekable = seekable;

/** From now on every search finds these orders, as an index does that is behind; null ends it. */
exports.freeze = function (orderNumbers) {
    frozen = orderNumbers;
};
