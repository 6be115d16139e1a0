'use strict';

var clickParameters = require('./clickParameters');

function touchOf(click) {
    var touch = click && clickParameters.read(click.queryString);
    if (touch) {
        touch.at = new Date(Number(click.timestamp)).toISOString();
        touch.landing_url = 'https://' + click.host + click.path;
        touch.referrer = clickParameters.page(click.referer);
    }
    return touch;
}

/**
 * The clicks that SFCC remembers of this session itself, for pages on which our script did not run.
 * Read it only when the shopper has agreed.
 * @param {dw.web.ClickStream} stream - the session's, or null
 * @returns {Array<Object>} touches, unordered
 */
function touches(stream) {
    if (!stream) {
        return [];
    }
    var clicks = [stream.first].concat(stream.clicks ? stream.clicks.toArray() : []);
    return clicks.map(touchOf).filter(Boolean);
}

module.exports = { touches: touches };
