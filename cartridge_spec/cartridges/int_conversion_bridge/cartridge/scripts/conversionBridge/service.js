'use strict';

/**
 * The only place that calls the bridge. URL and secret stand in the service credential, time limit, rate limit
 * and circuit breaker in the service profile. The checkout has a service of its own, so that its breaker never
 * stops the job and the job's patience never reaches the checkout.
 */
var LocalServiceRegistry = require('dw/svc/LocalServiceRegistry');
var signature = require('*/cartridge/scripts/conversionBridge/signature');

exports.REALTIME = 'conversionbridge.realtime';
exports.JOB = 'conversionbridge.job';

/**
 * @param {string} serviceId - REALTIME or JOB
 * @param {Object} message - from message.js
 * @param {Object} settings - preferences by id
 * @returns {dw.svc.Result} with `object` as `{status, text}` when the bridge answered 2xx
 */
exports.post = function (serviceId, message, settings) {
    var service = LocalServiceRegistry.createService(serviceId, callbacks(serviceId, settings));
    if (settings.cbCredentialId) { service.setCredentialID(settings.cbCredentialId); }
    return service.call(message);
};

function callbacks(serviceId, settings) {
    return {
        createRequest: function (service, message) {
            prepare(service, message);
            if (serviceId === exports.REALTIME) { service.client.setTimeout(settings.cbTimeoutMs); }
            return message.body;
        },
        parseResponse: function (service, client) {
            return { status: client.statusCode, text: client.text };
        },
        // Without these three SFCC logs bodies as they stand, at least on sandboxes.
        getRequestLogMessage: function () { return 'a signed message for the bridge'; },
        getResponseLogMessage: function (response) { return 'the bridge answered ' + response.statusCode; },
        filterLogMessage: function (message) { return redacted(message); }
    };
}

function prepare(service, message) {
    var credential = service.configuration.credential;
    var headers = signature.headers(message, credential.password, new Date());
    service.setRequestMethod('POST');
    // BASIC is SFCC's default and would send the secret along.
    service.setAuthentication('NONE');
    service.setEncoding('UTF-8');
    service.setURL(String(credential.URL).replace(/\/+$/, '') + message.path);
    Object.keys(headers).forEach(function (name) { service.addHeader(name, headers[name]); });
}

function redacted(message) {
    var text = String(message);
    return /[{\[@]|signature|authorization/i.test(text) ? 'left out: it may hold personal data' : text;
}
