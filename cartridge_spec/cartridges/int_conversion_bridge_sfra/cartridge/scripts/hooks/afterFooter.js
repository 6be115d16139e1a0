'use strict';

/**
 * Puts the client script at the end of every page, and on the confirmation page what the tags need.
 * @param {Object} pdict - what the page was rendered with
 */
function afterFooter(pdict) {
    var withoutHarm = require('~/cartridge/scripts/withoutHarm');
    withoutHarm('the client script', function () {
        var page = require('~/cartridge/scripts/clientScript').onPage(pdict);
        if (page) {
            require('dw/template/ISML').renderTemplate('conversionBridge/afterFooter', page);
        }
    });
}

exports.afterFooter = afterFooter;
