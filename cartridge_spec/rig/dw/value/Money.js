'use strict';

function Money(value, currencyCode) {
    this.available = value !== null && value !== undefined;
    this.value = this.available ? value : 0;
    this.currencyCode = currencyCode;
}

Money.NOT_AVAILABLE = new Money(null, 'N/A');
Money.prototype.isAvailable = function () { return this.available; };
Money.prototype.getValue = function () { return this.value; };
Money.prototype.getCurrencyCode = function () { return this.currencyCode; };

module.exports = Money;
