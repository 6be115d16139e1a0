'use strict';

function EnumValue(value, displayValue) {
    this.value = value;
    this.displayValue = displayValue === undefined ? String(value) : displayValue;
}

EnumValue.prototype.getValue = function () { return this.value; };
EnumValue.prototype.getDisplayValue = function () { return this.displayValue; };
EnumValue.prototype.toString = function () { return String(this.value); };
EnumValue.prototype.valueOf = function () { return this.value; };

module.exports = EnumValue;
