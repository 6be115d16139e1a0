'use strict';

var Bytes = require('dw/util/Bytes');
var Encoding = require('dw/crypto/Encoding');
var MessageDigest = require('dw/crypto/MessageDigest');
var UUIDUtils = require('dw/util/UUIDUtils');

/** A random name that says nothing about the shopper and outlives the session. */
var COOKIE = 'cb_visitor';

function newName() {
    return UUIDUtils.createUUID();
}

/**
 * The key under which a visitor's clicks are kept: whoever reads it cannot make the cookie from it.
 * @param {string} siteId - the site the cookie belongs to
 * @param {string} name - the cookie's value
 * @returns {string} 64 hexadecimal digits
 */
function key(siteId, name) {
    var digest = new MessageDigest(MessageDigest.DIGEST_SHA_256);
    return Encoding.toHex(digest.digestBytes(new Bytes(siteId + '.' + name, 'UTF-8')));
}

module.exports = { COOKIE: COOKIE, key: key, newName: newName };
