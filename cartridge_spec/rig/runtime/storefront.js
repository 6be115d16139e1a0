'use strict';

/**
 * Answers the requests of a storefront with the controllers on the cartridge path, as SFCC and SFRA do.
 *
 * handle(asked) takes controller, route, method, path, query, form, headers, cookies, sessionId, cached,
 * and answers {status, cookies, contentType, body, location}. A page from the web adapter's cache runs no
 * controller, but the template hooks that ran when it was first rendered are part of it.
 */
var HookMgr = require('dw/system/HookMgr');
var isml = require('rig/isml');
var sessions = require('rig/sessions');
var world = require('rig/world');

var globals = new Function('return this')();

function headersOf(given) {
    return { get: function (name) { return given[name.toLowerCase()] || null; } };
}

function cookiesOf(given) {
    var cookies = { cookieCount: Object.keys(given).length };
    Object.keys(given).forEach(function (name) {
        cookies[name] = { name: name, value: given[name] };
    });
    return cookies;
}

function requestOf(asked, session) {
    return {
        session: session,
        custom: {},
        httpCookies: cookiesOf(asked.cookies),
        httpHeaders: headersOf(asked.headers),
        httpHost: asked.host,
        httpMethod: asked.method,
        httpPath: asked.path,
        httpQueryString: asked.query,
        httpReferer: asked.headers.referer || null,
        httpRemoteAddress: asked.address,
        httpUserAgent: asked.headers['user-agent'] || null,
        httpSecure: true,
        includeRequest: false,
        locale: 'en_US',
        isSCAPI: function () { return false; }
    };
}

function parametersOf(text) {
    var read = {};
    String(text || '').split('&').filter(Boolean).forEach(function (pair) {
        var at = pair.indexOf('=');
        var name = at < 0 ? pair : pair.slice(0, at);
        read[name] = at < 0 ? '' : decodeURIComponent(pair.slice(at + 1).replace(/\+/g, ' '));
    });
    return read;
}

function sfraRequest(asked, request) {
    return Object.freeze({
        httpMethod: asked.method,
        https: true,
        includeRequest: false,
        httpHeaders: request.httpHeaders,
        querystring: parametersOf(asked.query),
        form: parametersOf(asked.form),
        session: { raw: request.session }
    });
}

function SfraResponse() {
    this.viewData = {};
}

SfraResponse.prototype.setViewData = function (data) {
    Object.keys(data).forEach(function (name) { this.viewData[name] = data[name]; }, this);
};
SfraResponse.prototype.getViewData = function () { return this.viewData; };
SfraResponse.prototype.json = function (data) {
    this.setViewData(data);
    this.rendering = 'json';
};
SfraResponse.prototype.render = function (template, data) {
    this.setViewData(data || {});
    this.rendering = 'page';
    this.template = template;
};
SfraResponse.prototype.redirect = function (url) { this.redirectUrl = url; };

function pageOf(res) {
    isml.page = '';
    HookMgr.callHook('app.template.afterFooter', 'afterFooter', res.viewData);
    return '<!doctype html><html><head><meta charset="utf-8"><title>' + res.template + '</title>'
        + (world.headOfPages || '') + '</head><body><h1>' + res.template + '</h1>' + isml.page + '</body></html>';
}

function answerOf(res, cookies) {
    var answer = { status: 200, cookies: cookies };
    if (res.redirectUrl) {
        answer.status = 302;
        answer.location = res.redirectUrl;
    } else if (res.rendering === 'json') {
        answer.contentType = 'application/json';
        answer.body = JSON.stringify(res.viewData);
    } else {
        answer.contentType = 'text/html; charset=utf-8';
        answer.body = pageOf(res);
    }
    return answer;
}

function addTo(cookies) {
    return {
        addHttpCookie: function (cookie) {
            cookies.push({
                name: cookie.name,
                value: cookie.value,
                maxAge: cookie.maxAge,
                domain: cookie.domain,
                path: cookie.path
            });
        }
    };
}

function cachedPage(asked) {
    var page = new SfraResponse();
    page.render(asked.controller + '-' + asked.route);
    return answerOf(page, []);
}

function enter(asked, cookies) {
    globals.session = sessions.open(asked.sessionId);
    globals.request = requestOf(asked, globals.session);
    globals.customer = globals.session.customer;
    globals.response = addTo(cookies);
}

/** Runs a function of a script that is no controller of SFRA's, in a shopper's request. */
exports.runWithoutSfra = function (asked, script, name, orderNo) {
    var answer = { cookies: [], body: '' };
    var form = parametersOf(asked.form);
    enter(asked, answer.cookies);
    globals.request.httpParameterMap = {};
    Object.keys(form).forEach(function (field) {
        globals.request.httpParameterMap[field] = { stringValue: form[field] };
    });
    globals.response.setContentType = function (type) { answer.contentType = type; };
    globals.response.getWriter = function () { return { print: function (text) { answer.body += text; } }; };
    require(script)[name](world.orders[orderNo]);
    return answer;
};

exports.handle = function (asked) {
    var cookies = [];
    var res = new SfraResponse();
    enter(asked, cookies);
    if (asked.cached) {
        return cachedPage(asked);
    }
    sessions.recordClick(globals.session, globals.request);
    try {
        var routes = require('*/cartridge/controllers/' + asked.controller).routesOfServer;
        routes[asked.route].run(sfraRequest(asked, globals.request), res);
    } catch (thrown) {
        return { status: 500, cookies: cookies, contentType: 'text/plain', body: String(thrown) };
    }
    return answerOf(res, cookies);
};

/** How an order stands for everybody but us; null when there is none. */
exports.standingOf = function (orderNo) {
    var order = world.orders[orderNo];
    return !order ? null : {
        status: order.status.value,
        confirmation: order.confirmationStatus.value,
        payment: order.paymentStatus.value,
        gross: order.totalGrossPrice.value
    };
};

/** What a session keeps under a name; for tests to look at. */
exports.sessionValue = function (sessionId, name) {
    return sessions.open(sessionId).privacy[name];
};

exports.setSessionTouches = function (sessionId, touches) {
    sessions.open(sessionId).privacy.cbTouches = touches;
};

exports.basketValue = function (name) {
    return world.basket ? world.basket.custom[name] : null;
};

exports.profileValue = function (customerNo, name) {
    return world.profiles[customerNo] ? world.profiles[customerNo].custom[name] : null;
};

exports.setProfile = function (customerNo, touches, touchedAt) {
    require('dw/system/Transaction').wrap(function () {
        world.profiles[customerNo].custom.cbTouches = touches;
        world.profiles[customerNo].custom.cbTouchedAt = new Date(touchedAt);
    });
};

exports.setGuestRecord = function (key, touches, touchedAt) {
    require('dw/system/Transaction').wrap(function () {
        var kept = require('dw/object/CustomObjectMgr').createCustomObject('ClickAttribution', key);
        kept.custom.touches = touches;
        kept.custom.touchedAt = new Date(touchedAt);
    });
};

/** @returns {Object} the touches of every guest record by its key */
exports.guestRecords = function () {
    var kept = {};
    var records = world.customObjects.ClickAttribution || {};
    Object.keys(records).forEach(function (key) { kept[key] = records[key].custom.touches; });
    return kept;
};

exports.agreeToAll = function (sessionId) {
    sessions.open(sessionId).privacy.consent = true;
};

exports.actAsAgent = function (sessionId) {
    sessions.open(sessionId).userAuthenticated = true;
};

exports.purgeClicks = function () {
    return require('int_conversion_bridge/cartridge/scripts/jobsteps/purgeClicks').execute().code;
};

exports.age = function (orderNo, milliseconds) {
    world.orders[orderNo].creationDate = new Date(Date.now() - milliseconds);
};

exports.mark = function (orderNo, status) {
    require('dw/system/Transaction').wrap(function () { world.orders[orderNo].custom.cbStatus = status; });
};
