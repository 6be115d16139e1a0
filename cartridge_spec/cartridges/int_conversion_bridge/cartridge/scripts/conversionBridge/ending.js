'use strict';

/** How a job step ends. A code of our own is only allowed beside OK, so a run that was cut short is OK too. */
var Status = require('dw/system/Status');
var log = require('*/cartridge/scripts/conversionBridge/log');

/** @returns {dw.system.Status} for a site where the integration is switched off */
exports.disabled = function () {
    return new Status(Status.OK, 'DISABLED', 'cbEnabled is off for this site');
};

/**
 * @param {string} message - what to change in the step's parameters
 * @returns {dw.system.Status} an error
 */
exports.wrong = function (message) {
    return new Status(Status.ERROR, 'ERROR', message);
};

/**
 * @param {string} job - which
 * @param {Object} run - an OrderRun or AdjustmentRun that has finished
 * @returns {dw.system.Status} HALTED, WITH_FAILURES, NOTHING_TO_DO or OK
 */
exports.of = function (job, run) {
    log.summary(job, run.counts);
    var counts = run.counts;
    var code = 'OK';
    if (counts.due === 0) { code = 'NOTHING_TO_DO'; }
    if (counts.failed + counts.pending > 0) { code = 'WITH_FAILURES'; }
    if (run.sender.halted) { code = 'HALTED'; }
    return new Status(Status.OK, code, JSON.stringify(counts));
};
