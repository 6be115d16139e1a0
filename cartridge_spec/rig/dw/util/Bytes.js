'use strict';

/** Keeps a Java byte array as `java`. */
function Bytes(text, encoding) {
    this.java = text instanceof Bytes ? text.java : new java.lang.String(text).getBytes(encoding || 'UTF-8');
    this.length = this.java.length;
}

Bytes.of = function (array) {
    var bytes = new Bytes('');
    bytes.java = array;
    bytes.length = array.length;
    return bytes;
};
Bytes.prototype.toString = function (encoding) {
    return String(new java.lang.String(this.java, encoding || 'UTF-8'));
};

module.exports = Bytes;
