'use strict';

/** Standard Webhooks, as contract/transport.md describes it. */
var Bytes = require('dw/util/Bytes');
var Encoding = require('dw/crypto/Encoding');
var Mac = require('dw/crypto/Mac');

/**
 * @param {{siteId: string, id: string, body: string}} message - from message.js
 * @param {string} secret - base64, with or without `whsec_` in front
 * @param {Date} now - the time of this attempt
 * @returns {Object} the headers of one attempt
 */
exports.headers = function (message, secret, now) {
    var timestamp = String(Math.floor(now.getTime() / 1000));
    var content = new Bytes(message.id + '.' + timestamp + '.' + message.body, 'UTF-8');
    var key = Encoding.fromBase64(String(secret).replace(/^whsec_/, ''));
    return {
        'Content-Type': 'application/json',
        'bridge-site': message.siteId,
        'webhook-id': message.id,
        'webhook-timestamp': timestamp,
        'webhook-signature': 'v1,' + Encoding.toBase64(new Mac(Mac.HMAC_SHA_256).digest(content, key))
    };
};
