'use strict';

/** A Cookie takes ASCII only, as on an instance. */
function Cookie(name, value) {
    if (/[^\x21-\x7e]|[,;]/.test(value)) {
        throw new Error('a cookie takes visible ASCII without comma and semicolon');
    }
    this.name = name;
    this.value = value;
    this.maxAge = -1;
    this.path = '';
    this.domain = null;
    this.secure = false;
    this.httpOnly = false;
}

['maxAge', 'path', 'domain', 'secure', 'httpOnly', 'value'].forEach(function (property) {
    var setter = 'set' + property.charAt(0).toUpperCase() + property.slice(1);
    Cookie.prototype[setter] = function (value) {
        this[property] = value;
    };
});

module.exports = Cookie;
