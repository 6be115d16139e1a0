'use strict';

var currentSite = require('*/cartridge/scripts/conversionBridge/currentSite');
var message = require('*/cartridge/scripts/conversionBridge/message');
var outcome = require('*/cartridge/scripts/conversionBridge/outcome');
var service = require('*/cartridge/scripts/conversionBridge/service');

function call(site) {
    try {
        return service.post(service.JOB, message.batch(site.id, []), site.settings);
    } catch (e) {
        return null;
    }
}

/**
 * Sends a signed batch without orders: address, certificate, secret, clock and site are all put to the test,
 * and nothing is stored.
 * @returns {string} what to tell the user
 */
exports.test = function () {
    var site = currentSite.read();
    var result = call(site);
    if (!result) {
        return 'No connection: the service cannot be called. Is it enabled, and has it a credential?';
    }
    return outcome.items(result)
        ? 'The bridge answers, and accepts the signature of site ' + site.id + '.'
        : 'No connection: ' + outcome.ofResult(result).reason;
};
