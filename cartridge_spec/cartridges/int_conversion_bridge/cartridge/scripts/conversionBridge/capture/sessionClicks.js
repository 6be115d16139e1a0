'use strict';

var touches = require('./touches');

/** SFCC cuts or refuses strings of more than 2,000 characters in a session. */
var MOST_CHARACTERS = 1900;

/**
 * The touches that this session remembers. SFCC clears them when the shopper logs out.
 * @param {dw.system.Session} session - the shopper's
 * @returns {Array<Object>} touches, oldest first
 */
function read(session) {
    return touches.fromText(session.privacy.cbTouches);
}

function write(session, kept) {
    session.privacy.cbTouches = touches.toText(kept, MOST_CHARACTERS);
}

function forget(session) {
    session.privacy.cbTouches = null;
}

module.exports = { forget: forget, read: read, write: write };
