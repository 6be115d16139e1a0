'use strict';

var Bytes = require('dw/util/Bytes');

function MessageDigest(algorithm) {
    this.algorithm = algorithm;
}

MessageDigest.DIGEST_SHA_256 = 'SHA-256';
MessageDigest.prototype.digestBytes = function (bytes) {
    return Bytes.of(java.security.MessageDigest.getInstance(this.algorithm).digest(bytes.java));
};

module.exports = MessageDigest;
