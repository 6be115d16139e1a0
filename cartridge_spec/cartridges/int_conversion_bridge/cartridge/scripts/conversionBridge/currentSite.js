'use strict';

var Site = require('dw/system/Site');
var System = require('dw/system/System');
var TaxMgr = require('dw/order/TaxMgr');
var preferences = require('*/cartridge/scripts/conversionBridge/preferences');

/**
 * @returns {{id: string, instance: string, taxation: string, settings: Object}} what is the same for every
 *     order of this request
 */
exports.read = function () {
    return {
        id: Site.getCurrent().getID(),
        instance: instance(),
        taxation: TaxMgr.taxationPolicy === TaxMgr.TAX_POLICY_NET ? 'net' : 'gross',
        settings: preferences.readAll()
    };
};

// SFCC calls a sandbox a development system too; only the host name tells them apart.
function instance() {
    var type = System.getInstanceType();
    if (type === System.PRODUCTION_SYSTEM) { return 'production'; }
    if (type === System.STAGING_SYSTEM) { return 'staging'; }
    return String(System.getInstanceHostname()).indexOf('development') === 0 ? 'development' : 'sandbox';
}
