'use strict';

/**
 * May clicks be kept? Only an answer counts as one, unless the merchant decided that nobody has to be
 * asked first.
 * @param {Object} consent - the shopper's answers, as in the contract
 * @param {Object} settings - with unansweredCounts: "never asked" is taken for yes
 * @returns {string} granted, denied or unknown
 */
function toKeep(consent, settings) {
    var answer = (consent && consent.ad_storage) || 'unknown';
    return answer === 'unknown' && settings.unansweredCounts ? 'granted' : answer;
}

module.exports = { toKeep: toKeep };
