'use strict';

var URLUtils = require('dw/web/URLUtils');
var clickParameters = require('*/cartridge/scripts/conversionBridge/capture/clickParameters');
var preferences = require('*/cartridge/scripts/conversionBridge/preferences');

/**
 * What the template of the client script is rendered with.
 * @param {Object} pdict - what the page was rendered with
 * @returns {Object|null} null when the cartridge is switched off
 */
function onPage(pdict) {
    if (!preferences.read('cbEnabled')) {
        return null;
    }
    var purchase = pdict && pdict.conversionBridgePurchase;
    return {
        script: URLUtils.staticURL('/js/conversionBridge.js').toString(),
        capture: preferences.read('cbCapture') ? URLUtils.url('ConversionBridge-Capture').toString() : '',
        parameters: clickParameters.names().join(' '),
        purchase: purchase ? JSON.stringify(purchase) : null
    };
}

module.exports = { onPage: onPage };
