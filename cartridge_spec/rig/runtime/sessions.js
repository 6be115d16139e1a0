'use strict';

/** Sessions of shoppers, which outlast requests: custom, privacy, clicks, and whose they are. */
var ArrayList = require('dw/util/ArrayList');
var attributes = require('int_conversion_bridge/cartridge/scripts/conversionBridge/attributes');
var customAttributes = require('rig/customAttributes');
var world = require('rig/world');

var MOST_CLICKS = 50;
var LONGEST_TEXT = 2000;

/** A session takes any name, but no text beyond SFCC's limit. */
function values() {
    var stored = {};
    return {
        get: function (name) { return stored[name] === undefined ? null : stored[name]; },
        set: function (name, value) {
            if (typeof value === 'string' && value.length > LONGEST_TEXT) {
                throw new Error('a session takes texts of ' + LONGEST_TEXT + ' characters');
            }
            stored[name] = value;
        }
    };
}

/** The names that cartridges use must be known beforehand: old engines have no proxies. */
function namedValues(names) {
    var stored = values();
    var object = {};
    names.forEach(function (name) {
        Object.defineProperty(object, name, {
            get: function () { return stored.get(name); },
            set: function (value) { stored.set(name, value); }
        });
    });
    return Object.seal(object);
}

function profileOf(customerNo) {
    world.profiles = world.profiles || {};
    if (!world.profiles[customerNo]) {
        world.profiles[customerNo] = {
            customerNo: customerNo,
            custom: customAttributes.make(attributes.PROFILE, {})
        };
    }
    return world.profiles[customerNo];
}

function customerOf(customerNo) {
    return {
        ID: customerNo || 'guest',
        authenticated: Boolean(customerNo),
        registered: Boolean(customerNo),
        profile: customerNo ? profileOf(customerNo) : null
    };
}

function clickStreamOf(session) {
    return {
        first: session.clicks[0] || null,
        clicks: new ArrayList(session.trackingAllowed ? session.clicks.slice(-MOST_CLICKS) : []),
        enabled: session.trackingAllowed
    };
}

/** The site preference Tracking is off by default: nobody is tracked until a banner is answered. */
function newSession(id) {
    var session = {
        sessionID: id,
        clicks: [],
        trackingAllowed: false,
        setTrackingAllowed: function (allowed) { session.trackingAllowed = allowed; },
        userAuthenticated: false,
        custom: namedValues(world.sessionNames || []),
        privacy: namedValues(world.sessionNames || []),
        customer: customerOf(null),
        sourceCodeInfo: { code: null }
    };
    Object.defineProperty(session, 'clickStream', { get: function () { return clickStreamOf(session); } });
    return session;
}

/**
 * @param {string} id - of a cookie
 * @returns {Object} the session, made when there is none yet
 */
exports.open = function (id) {
    world.sessions = world.sessions || {};
    world.sessions[id] = world.sessions[id] || newSession(id);
    return world.sessions[id];
};

exports.logIn = function (session, customerNo) {
    session.customer = customerOf(customerNo);
};

exports.recordClick = function (session, request) {
    session.clicks.push({
        host: request.httpHost,
        path: request.httpPath,
        queryString: request.httpQueryString,
        referer: request.httpReferer,
        timestamp: Date.now()
    });
};
