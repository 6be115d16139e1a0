'use strict';

exports.createUUID = function () {
    return String(java.util.UUID.randomUUID()).replace(/-/g, '').slice(0, 26);
};
