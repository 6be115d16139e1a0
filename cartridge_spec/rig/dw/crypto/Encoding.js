'use strict';

var Bytes = require('dw/util/Bytes');

exports.toBase64 = function (bytes) {
    return String(java.util.Base64.getEncoder().encodeToString(bytes.java));
};
exports.fromBase64 = function (text) {
    return Bytes.of(java.util.Base64.getMimeDecoder().decode(text));
};
exports.toHex = function (bytes) {
    return String(java.util.HexFormat.of().formatHex(bytes.java));
};
exports.toURI = function (text) {
    return String(java.net.URLEncoder.encode(text, 'UTF-8'));
};
