'use strict';

var Bytes = require('dw/util/Bytes');

function Mac(algorithm) {
    this.algorithm = algorithm;
}

Mac.HMAC_SHA_256 = 'HmacSHA256';
Mac.prototype.digest = function (input, key) {
    var mac = Packages.javax.crypto.Mac.getInstance(this.algorithm);
    mac.init(new Packages.javax.crypto.spec.SecretKeySpec(new Bytes(key, 'UTF-8').java, this.algorithm));
    return Bytes.of(mac.doFinal(new Bytes(input, 'UTF-8').java));
};

module.exports = Mac;
