'use strict';

/** A Collection: no array methods, so that a cartridge that relies on them fails here and not on an instance. */
function ArrayList(items) {
    this.items = (items || []).slice();
    this.length = this.items.length;
    this.empty = this.length === 0;
}

ArrayList.prototype.iterator = function () {
    var items = this.items;
    var at = 0;
    return {
        hasNext: function () { return at < items.length; },
        next: function () { at += 1; return items[at - 1]; }
    };
};
ArrayList.prototype.toArray = function () { return this.items.slice(); };
ArrayList.prototype.size = function () { return this.length; };
ArrayList.prototype.getLength = function () { return this.length; };
ArrayList.prototype.isEmpty = function () { return this.empty; };
ArrayList.prototype.get = function (index) { return this.items[index]; };

module.exports = ArrayList;
