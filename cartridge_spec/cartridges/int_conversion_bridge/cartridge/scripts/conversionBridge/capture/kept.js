'use strict';

var clickAttribution = require('./clickAttribution');
var clickTrail = require('./clickTrail');
var profileClicks = require('./profileClicks');
var retention = require('./retention');
var sessionClicks = require('./sessionClicks');
var touches = require('./touches');
var visitor = require('./visitor');

function key(visit) {
    return visitor.key(visit.settings.siteId, visit.visitor);
}

function ofGuest(visit) {
    return visit.visitor ? clickAttribution.read(key(visit), visit.now, visit.settings.retentionDays) : [];
}

function ofProfile(visit) {
    return visit.profile
        ? profileClicks.read(visit.profile, visit.now, visit.settings.retentionDays)
        : [];
}

/**
 * Everything known of a shopper's clicks that is young enough: the session, SFCC's click stream, profile or
 * guest record.
 * @param {Object} visit - see visit.js
 * @returns {Array<Object>} touches, oldest first
 */
function read(visit) {
    var all = touches.merge(
        ofProfile(visit),
        ofGuest(visit),
        clickTrail.touches(visit.session.clickStream),
        sessionClicks.read(visit.session)
    );
    return retention.young(all, visit.now, visit.settings.retentionDays);
}

function moveToProfile(visit, list) {
    profileClicks.write(visit.profile, list);
    if (visit.visitor) {
        clickAttribution.forget(key(visit));
    }
}

function keepForGuest(visit, list) {
    if (visit.settings.guestClicks && visit.visitor && list.length) {
        clickAttribution.write(key(visit), list);
    }
}

/**
 * Keep touches in the session and where they outlive it; the database is left alone when nothing is
 * new. A guest who has a profile now takes the clicks along.
 * @param {Object} visit - see visit.js; a guest's record needs its visitor
 * @param {Array<Object>} list - touches, oldest first
 */
function write(visit, list) {
    sessionClicks.write(visit.session, list);
    if (visit.profile) {
        moveToProfile(visit, list);
    } else {
        keepForGuest(visit, list);
    }
}

/** After a refusal: what was kept of this shopper's clicks is deleted. */
function forget(visit) {
    sessionClicks.forget(visit.session);
    if (visit.profile) {
        profileClicks.forget(visit.profile);
    }
    if (visit.visitor) {
        clickAttribution.forget(key(visit));
    }
}

module.exports = { forget: forget, read: read, write: write };
