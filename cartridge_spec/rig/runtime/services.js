'use strict';

/**
 * The service framework as Salesforce's typings describe it: createRequest, the call, parseResponse for 2xx
 * only, a Result that never throws, time limit, rate limit, circuit breaker, switched off, log messages.
 *
 * `world.services[id]`: url, password, timeout, and for tests enabled, quota, rateLimit, breaker.
 */
var Logger = require('dw/system/Logger');
var http = require('rig/http');
var world = require('rig/world');

function breakerOf(id) {
    world.breakers[id] = world.breakers[id] || { calls: 0, errors: 0 };
    return world.breakers[id];
}

function unavailable(reason) {
    return { ok: false, status: 'SERVICE_UNAVAILABLE', unavailableReason: reason, error: 0, errorMessage: null, object: null };
}

function refusedAs(id, settings) {
    var breaker = breakerOf(id);
    if (settings.enabled === false) { return 'DISABLED'; }
    if (settings.rateLimit !== undefined && breaker.calls >= settings.rateLimit) { return 'RATE_LIMITED'; }
    return settings.breaker !== undefined && breaker.errors >= settings.breaker ? 'CIRCUIT_BROKEN' : null;
}

function logged(callbacks, service, request, client) {
    var filter = callbacks.filterLogMessage || function (text) { return text; };
    var asked = callbacks.getRequestLogMessage ? callbacks.getRequestLogMessage(request) : request;
    var told = callbacks.getResponseLogMessage ? callbacks.getResponseLogMessage(client) : client.text;
    [service.URL, asked, told].forEach(function (text) { Logger.info('service: {0}', filter(text)); });
}

function resultOf(client, service, callbacks) {
    if (client.failure) { return client.failure === 'TIMEOUT' ? unavailable('TIMEOUT') : error(0, client.failure); }
    if (client.statusCode >= 300) { return error(client.statusCode, client.text); }
    var parsed = callbacks.parseResponse(service, client);
    return { ok: true, status: 'OK', unavailableReason: null, error: 0, errorMessage: null, object: parsed };
}

function error(code, text) {
    return { ok: false, status: 'ERROR', unavailableReason: null, error: code, errorMessage: text, object: null };
}

function quota(settings) {
    // SFCC ends the request with an exception that names the quota.
    if (settings.quota !== undefined && world.calls.length >= settings.quota) {
        throw new Error('quota exceeded: api.dw.net.HTTPClient.send()');
    }
}

function perform(service, id, settings, callbacks, values) {
    var refused = refusedAs(id, settings);
    if (refused) { return unavailable(refused); }
    var breaker = breakerOf(id);
    breaker.calls += 1;
    var request = callbacks.createRequest.apply(null, [service].concat(values));
    quota(settings);
    world.calls.push({ service: id, url: service.URL, headers: service.headers, body: request });
    var client = http.send(service, request);
    logged(callbacks, service, request, client);
    var result = resultOf(client, service, callbacks);
    if (!result.ok) { breaker.errors += 1; }
    return result;
}

exports.make = function (id, settings, callbacks) {
    var service = {
        URL: settings.url,
        headers: {},
        method: 'GET',
        authentication: 'BASIC',
        configuration: { ID: id, credential: credential(settings), profile: { timeoutMillis: settings.timeout } },
        client: { timeout: settings.timeout, setTimeout: function (milliseconds) { this.timeout = milliseconds; } }
    };
    service.setRequestMethod = function (method) { service.method = method; return service; };
    service.setAuthentication = function (kind) { service.authentication = kind; return service; };
    service.setEncoding = function () { return service; };
    service.setURL = function (url) { service.URL = url; return service; };
    service.addHeader = function (name, value) { service.headers[name] = value; return service; };
    service.setCredentialID = function (name) {
        if (!world.credentials || !world.credentials[name]) { throw new Error('no credential ' + name); }
        service.configuration.credential = credential(world.credentials[name]);
        return service;
    };
    service.call = function () {
        return perform(service, id, settings, callbacks, Array.prototype.slice.call(arguments));
    };
    return service;
};

function credential(settings) {
    return settings.url ? { URL: settings.url, user: 'bridge', password: settings.password } : null;
}
