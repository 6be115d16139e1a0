'use strict';

/** SFCC offers every property as a method too: `orderNo` and `getOrderNo()`, `ok` and `isOk()`. */
module.exports = function (object) {
    Object.keys(object).forEach(function (name) {
        if (typeof object[name] === 'function') { return; }
        var capital = name.charAt(0).toUpperCase() + name.slice(1);
        var prefix = typeof object[name] === 'boolean' ? 'is' : 'get';
        Object.defineProperty(object, prefix + capital, { value: function () { return object[name]; } });
    });
    return object;
};
