'use strict';

/**
 * Job step custom.ConversionBridgePurgeClicks: drops every click that is older than `cbClickRetentionDays`, on
 * profiles and in the records of guests, and leaves the younger ones beside it.
 */
var QUERY = 'custom.cbTouchedAt < {0}';

/**
 * @returns {dw.system.Status} OK; also when the cartridge is switched off, for what is too old must go
 */
exports.execute = function () {
    var CustomerMgr = require('dw/customer/CustomerMgr');
    var Status = require('dw/system/Status');
    var log = require('*/cartridge/scripts/conversionBridge/log');
    var preferences = require('*/cartridge/scripts/conversionBridge/preferences');
    var clickAttribution = require('*/cartridge/scripts/conversionBridge/capture/clickAttribution');
    var profileClicks = require('*/cartridge/scripts/conversionBridge/capture/profileClicks');
    var retention = require('*/cartridge/scripts/conversionBridge/capture/retention');
    var now = new Date();
    var days = preferences.read('cbClickRetentionDays');
    var purged = 0;
    CustomerMgr.processProfiles(function (profile) {
        // The search index may be behind: the profile itself decides.
        purged += profileClicks.purge(profile, now, days) ? 1 : 0;
    }, QUERY, retention.limit(now, days));
    purged += clickAttribution.purge(now, days);
    log.summary('purge of clicks', { purged: purged });
    return new Status(Status.OK, purged ? 'OK' : 'NOTHING_TO_DO', 'purged ' + purged);
};
