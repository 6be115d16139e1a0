'use strict';

/** Answers the requests of Business Manager with the controllers of its extension cartridge. */
var isml = require('rig/isml');

var globals = new Function('return this')();

function parameterMap(given) {
    var map = { orderNo: { stringValue: null } };
    Object.keys(given).forEach(function (name) { map[name] = { stringValue: given[name] }; });
    return map;
}

/**
 * @param {string} route - controller and node, such as `ConversionBridgeStatus-Start`
 * @param {Object} asked - method, parameters, user (whether somebody is logged in)
 * @returns {{status: number, page: string}} what the browser sees
 */
exports.open = function (route, asked) {
    var parts = route.split('-');
    var answer = { status: 200 };
    isml.page = '';
    globals.session = { userAuthenticated: asked.user, privacy: {}, custom: {} };
    globals.request = { httpMethod: asked.method, httpParameterMap: parameterMap(asked.parameters), custom: {} };
    globals.response = { setStatus: function (status) { answer.status = status; } };
    var node = require('*/cartridge/controllers/' + parts[0])[parts[1]];
    if (!node.public) { throw new Error(route + ' is not public'); }
    node();
    answer.page = isml.page;
    return answer;
};
