'use strict';

/** Meta, "fbp and fbc parameters": version, index of the domain, milliseconds, the untouched id. */
var FBC = /^fb\.\d\.(\d{13})\.(.+)$/;

/** Ninety days, as the pixel keeps it. */
var LIFETIME_SECONDS = 90 * 24 * 60 * 60;

/**
 * The index that tells how deep the cookie's domain is: 1 for example.com, 2 for www.example.com.
 * @param {string} domain - where the cookie is set
 * @returns {number} index
 */
function domainIndex(domain) {
    var labels = String(domain || '').replace(/^\./, '').split('.');
    return Math.max(labels.length - 1, 0);
}

/**
 * The value of an _fbc cookie.
 * @param {string} fbclid - as it came
 * @param {number} at - milliseconds since 1970, when the click was seen
 * @param {string} domain - where the cookie is set
 * @returns {string} value
 */
function fbc(fbclid, at, domain) {
    return ['fb', domainIndex(domain), Math.floor(at), fbclid].join('.');
}

/**
 * The click inside an _fbc cookie.
 * @param {string} value - the cookie
 * @returns {Object|null} fbclid and at (milliseconds since 1970), or null when it is no _fbc
 */
function clickOf(value) {
    var parts = FBC.exec(String(value || ''));
    return parts && { at: Number(parts[1]), fbclid: parts[2] };
}

module.exports = {
    LIFETIME_SECONDS: LIFETIME_SECONDS, clickOf: clickOf, fbc: fbc
};
