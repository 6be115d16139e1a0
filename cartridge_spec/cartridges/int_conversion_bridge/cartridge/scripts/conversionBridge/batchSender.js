'use strict';

/**
 * Sends documents from a job, many in one call, and settles each by its own result.
 *
 * An entry is `{json: text, settle: function (outcome)}`. It holds no order: between a callback and its settling
 * the platform may have let go of it.
 */
var log = require('*/cartridge/scripts/conversionBridge/log');
var message = require('*/cartridge/scripts/conversionBridge/message');
var outcome = require('*/cartridge/scripts/conversionBridge/outcome');
var service = require('*/cartridge/scripts/conversionBridge/service');

// A script's text may have 1,000,000 characters; the platform warns from 600,000.
var CHARACTERS_LIMIT = 400000;
var FAILURES_LIMIT = 3;
/** Refusals of a whole batch that a smaller one may not meet. */
var SPLIT = { 400: true, 413: true };

/**
 * @param {Object} site - from currentSite.js
 * @param {number} size - entries in one call at most
 */
function BatchSender(site, size) {
    this.site = site;
    this.size = size;
    this.waiting = [];
    this.characters = 0;
    this.failures = 0;
    /** After three calls in a row without an answer: the next run may have more luck. */
    this.halted = false;
}

/** @param {Object} entry - to be sent in the current batch or the next */
BatchSender.prototype.add = function (entry) {
    if (this.characters + entry.json.length > CHARACTERS_LIMIT) { this.flush(); }
    this.waiting.push(entry);
    this.characters += entry.json.length;
    if (this.waiting.length >= this.size) { this.flush(); }
};

/** Sends what is waiting; call it once more at the end. */
BatchSender.prototype.flush = function () {
    var entries = this.waiting;
    this.waiting = [];
    this.characters = 0;
    if (entries.length > 0 && !this.halted) { this.send(entries); }
};

BatchSender.prototype.send = function (entries) {
    var result = this.call(entries);
    var answers = result ? outcome.items(result) : null;
    if (answers && answers.length === entries.length) {
        this.failures = 0;
        entries.forEach(function (entry, index) {
            settle(entry, outcome.ofAnswer(answers[index].code, answers[index]));
        });
    } else if (result && !result.ok && SPLIT[outcome.refusal(result)] && entries.length > 1) {
        this.send(entries.slice(0, Math.ceil(entries.length / 2)));
        this.send(entries.slice(Math.ceil(entries.length / 2)));
    } else {
        this.fail(entries, result);
    }
};

BatchSender.prototype.call = function (entries) {
    var bodies = entries.map(function (entry) { return entry.json; });
    try {
        return service.post(service.JOB, message.batch(this.site.id, bodies), this.site.settings);
    } catch (thrown) {
        log.failed('batch', null, thrown);
        return null;
    }
};

BatchSender.prototype.fail = function (entries, result) {
    var told = result ? outcome.ofResult(result) : outcome.OF_ERROR;
    this.failures += 1;
    this.halted = this.failures >= FAILURES_LIMIT;
    entries.forEach(function (entry) { settle(entry, told); });
};

function settle(entry, told) {
    try {
        entry.settle(told);
    } catch (thrown) {
        // The order stays as it was and is sent once more: the bridge answers that it knows it.
        log.failed('settling', null, thrown);
    }
}

module.exports = BatchSender;
