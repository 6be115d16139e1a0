'use strict';

/* global JavaAdapter */

var Scriptable = Packages.org.mozilla.javascript.Scriptable;
var ScriptableObject = Packages.org.mozilla.javascript.ScriptableObject;

/**
 * An object of the host: its members are read and written, and `in` knows none of them. Whether SFCC's are like
 * that is not established, so that no script may rely on either.
 */
function EnumValue(value, displayValue) {
    var members = { value: value, displayValue: displayValue === undefined ? String(value) : displayValue };
    return new JavaAdapter(ScriptableObject, {
        getClassName: function () { return 'EnumValue'; },
        getPrototype: function () { return EnumValue.prototype; },
        has: function () { return false; },
        get: function (name) { return name in members ? members[name] : Scriptable.NOT_FOUND; },
        put: function (name, start, given) { members[name] = given; }
    });
}

EnumValue.prototype.getValue = function () { return this.value; };
EnumValue.prototype.getDisplayValue = function () { return this.displayValue; };
EnumValue.prototype.toString = function () { return String(this.value); };
EnumValue.prototype.valueOf = function () { return this.value; };

module.exports = EnumValue;
