'use strict';

/**
 * Job step custom.ConversionBridgePurgeClicks: deletes the clicks of profiles that were last written longer
 * ago than `cbClickRetentionDays`. Custom objects have retention days of their own, which SFCC enforces.
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
    var profileClicks = require('*/cartridge/scripts/conversionBridge/capture/profileClicks');
    var retention = require('*/cartridge/scripts/conversionBridge/capture/retention');
    var oldest = retention.limit(new Date(), preferences.read('cbClickRetentionDays'));
    var purged = 0;
    CustomerMgr.processProfiles(function (profile) {
        // The search index may be behind: the profile itself decides.
        if (profile.custom.cbTouchedAt && profile.custom.cbTouchedAt < oldest) {
            profileClicks.forget(profile);
            purged += 1;
        }
    }, QUERY, oldest);
    log.summary('purge of clicks', { purged: purged });
    return new Status(Status.OK, purged ? 'OK' : 'NOTHING_TO_DO', 'purged ' + purged);
};
