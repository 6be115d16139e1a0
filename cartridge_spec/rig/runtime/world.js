'use strict';

/**
 * What outlasts a request: the instance, its site, preferences, services, orders, logs. Tests set it from
 * outside; the dw stand-ins read and change it.
 */
var NOTHING_YET = {
    siteId: 'RefArch',
    instance: 'production',
    hostname: 'shop.example.com',
    taxation: 'net',
    preferences: {},
    services: {},
    hooks: {},
    faults: {},
    session: { privacy: {}, custom: {}, trackingAllowed: true },
    request: {},
    customer: null,
    response: {}
};

var world = module.exports;

world.reset = function (given) {
    var settings = JSON.parse(JSON.stringify(NOTHING_YET));
    Object.keys(given || {}).forEach(function (name) {
        settings[name] = given[name];
    });
    Object.keys(settings).forEach(function (name) {
        world[name] = settings[name];
    });
    world.orders = {};
    world.customObjects = {};
    world.logs = [];
    world.calls = [];
    world.breakers = {};
};

/** Change single settings; everything else stays. */
world.change = function (given) {
    Object.keys(given).forEach(function (name) {
        world[name] = given[name];
    });
};

world.readLogs = function () {
    return world.logs;
};

/** What the service framework was asked to send: service id, URL, headers and body of each call. */
world.readCalls = function () {
    return world.calls;
};

world.reset({});
