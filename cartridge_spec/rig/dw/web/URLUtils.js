'use strict';

var world = require('rig/world');

function address(path) {
    return { toString: function () { return path; } };
}

exports.url = function (route) {
    return address('/on/demandware.store/Sites-' + world.siteId + '-Site/en_US/' + route);
};

exports.staticURL = function (path) {
    return address('/on/demandware.static/Sites-' + world.siteId + '-Site/-/en_US/v1' + path);
};
