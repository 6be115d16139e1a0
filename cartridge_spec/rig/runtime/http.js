'use strict';

/**
 * Real HTTP through the JDK, with SFCC's meaning of a time limit: one for connecting, the same again for every
 * wait for data.
 */
var PRINTABLE = /^[\u0020-\u007e]*$/;

function open(service) {
    var connection = new java.net.URL(service.URL).openConnection();
    connection.setRequestMethod(service.method);
    connection.setConnectTimeout(service.client.timeout);
    connection.setReadTimeout(service.client.timeout);
    connection.setInstanceFollowRedirects(false);
    connection.setDoOutput(true);
    Object.keys(service.headers).forEach(function (name) {
        if (!PRINTABLE.test(service.headers[name])) { throw new Error('header ' + name + ' holds what no header may'); }
        connection.setRequestProperty(name, service.headers[name]);
    });
    if (service.authentication !== 'NONE') {
        connection.setRequestProperty('Authorization', 'Basic ' + service.configuration.credential.password);
    }
    return connection;
}

function textOf(stream) {
    return stream === null ? '' : String(new java.lang.String(stream.readAllBytes(), 'UTF-8'));
}

function failureOf(thrown) {
    var cause = thrown.javaException;
    return cause instanceof java.net.SocketTimeoutException ? 'TIMEOUT' : String(cause ? cause.getClass().getName() : thrown);
}

/** @returns {Object} statusCode and text; or failure: TIMEOUT, or the name of what went wrong */
exports.send = function (service, body) {
    var connection = open(service);
    try {
        connection.getOutputStream().write(new java.lang.String(body).getBytes('ISO-8859-1'));
        var statusCode = Number(connection.getResponseCode());
        var stream = statusCode >= 400 ? connection.getErrorStream() : connection.getInputStream();
        return { statusCode: statusCode, text: textOf(stream) };
    } catch (thrown) {
        return { failure: failureOf(thrown) };
    }
};
