'use strict';

/** One document or a batch of them, as it goes over the wire. */
var UUIDUtils = require('dw/util/UUIDUtils');

var ONE = '/v1/orders';
var BATCH = '/v1/orders/batch';
var BEYOND_ASCII = /[\u007f-\uffff]/g;

/**
 * @param {Object} document - from payload.js
 * @returns {{siteId: string, path: string, id: string, body: string}} the same id in every attempt
 */
exports.one = function (document) {
    var parts = [document.site_id, document.kind, document.order_no];
    if (document.reference) { parts.push(document.reference); }
    return { siteId: document.site_id, path: ONE, id: encodeURIComponent(parts.join('.')), body: exports.json(document) };
};

/**
 * @param {string} siteId - of every document
 * @param {string[]} bodies - documents as exports.json writes them, at most 500
 * @returns {{siteId: string, path: string, id: string, body: string}} one message
 */
exports.batch = function (siteId, bodies) {
    var id = encodeURIComponent(siteId + '.batch.' + UUIDUtils.createUUID());
    return { siteId: siteId, path: BATCH, id: id, body: '[' + bodies.join(',') + ']' };
};

/**
 * JSON in ASCII only: what is signed and what is sent are then the same bytes, whatever encoding the
 * service framework writes text in.
 *
 * @param {Object} document - anything JSON can hold
 * @returns {string} its text
 */
exports.json = function (document) {
    return JSON.stringify(document).replace(BEYOND_ASCII, function (character) {
        return '\\u' + ('000' + character.charCodeAt(0).toString(16)).slice(-4);
    });
};
