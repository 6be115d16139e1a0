'use strict';

/**
 * What the link of an advertisement may carry, and the member of the contract's touch it becomes.
 * Every value is a click id but the source code, which is SFCC's own.
 */
var PARAMETERS = [
    // Meta, Conversions API, "fbp and fbc parameters"
    { name: 'fbclid', member: 'fbclid' },
    // Google Ads Help, "Auto-tagging"
    { name: 'gclid', member: 'gclid' },
    // Google Ads Help, "Google Click Identifier on iOS": app and web campaigns
    { name: 'gbraid', member: 'gbraid' },
    { name: 'wbraid', member: 'wbraid' },
    // Meta, WhatsApp Cloud API, webhook "referral" of a click-to-WhatsApp advertisement
    { name: 'ctwa_clid', member: 'ctwa_clid' },
    // SFCC, source code groups: the parameter that the platform reads itself
    { name: 'src', member: 'source_code' }
];

/** How a link says where it was found. The first row that fits wins; without one it is a landing. */
var ENTRY_POINTS = [
    { parameter: 'utm_medium', value: 'qr', entryPoint: 'qr' },
    { parameter: 'utm_source', value: 'qr', entryPoint: 'qr' },
    { parameter: 'utm_medium', value: 'whatsapp', entryPoint: 'whatsapp' },
    { parameter: 'utm_source', value: 'whatsapp', entryPoint: 'whatsapp' },
    { parameter: 'ctwa_clid', value: null, entryPoint: 'whatsapp' }
];

/** The session holds strings of 2,000 characters; no platform's click id comes near this. */
var LONGEST_VALUE = 500;

function decodedOnce(text) {
    try {
        return decodeURIComponent(text);
    } catch (e) {
        return text;
    }
}

/**
 * The parameters of a query string, each decoded once. A plus sign stays: click ids hold no spaces,
 * and their bytes must not change. Of a name given twice the first counts.
 */
function parse(queryString) {
    var found = {};
    String(queryString || '').replace(/^\?/, '').split('&').forEach(function (pair) {
        var at = pair.indexOf('=');
        var name = decodedOnce(at < 0 ? pair : pair.slice(0, at));
        if (at > 0 && !Object.prototype.hasOwnProperty.call(found, name)) {
            found[name] = decodedOnce(pair.slice(at + 1));
        }
    });
    return found;
}

function entryPoint(given) {
    var fitting = ENTRY_POINTS.filter(function (row) {
        var value = given[row.parameter];
        return row.value === null ? Boolean(value) : String(value).toLowerCase() === row.value;
    });
    return fitting.length ? fitting[0].entryPoint : null;
}

/**
 * What a query string says about a click.
 * @param {string} queryString - with or without the question mark
 * @returns {Object|null} members of a touch, or null when it speaks of no click
 */
function read(queryString) {
    var given = parse(queryString);
    var touch = {};
    PARAMETERS.forEach(function (row) {
        var value = given[row.name];
        if (value && value.length <= LONGEST_VALUE) {
            touch[row.member] = value;
        }
    });
    var found = entryPoint(given);
    if (!found && !Object.keys(touch).length) {
        return null;
    }
    touch.entry_point = found || 'landing';
    return touch;
}

/**
 * An address without query and fragment, which may hold anything.
 * @param {string} address - of a page
 * @returns {string} address
 */
function page(address) {
    return String(address || '').split(/[?#]/)[0];
}

/**
 * Every parameter worth passing on from the browser; all others stay there.
 * @returns {Array<string>} names
 */
function names() {
    var all = PARAMETERS.map(function (row) { return row.name; });
    ENTRY_POINTS.forEach(function (row) {
        if (all.indexOf(row.parameter) < 0) {
            all.push(row.parameter);
        }
    });
    return all;
}

module.exports = { names: names, page: page, read: read };
