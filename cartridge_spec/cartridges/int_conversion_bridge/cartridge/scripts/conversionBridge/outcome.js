'use strict';

/**
 * What an answer of the bridge, or none, means for an order. Only a refusal that no later call can mend ends
 * as failed; whatever is in doubt stays pending, since calling again is always safe.
 */
var attributes = require('*/cartridge/scripts/conversionBridge/attributes');

var STATUS = attributes.STATUS;
// Business Manager takes 256 characters, and others put words in front.
var REASON_LIMIT = 200;
/** Refusals of this very order: transport.md, Answers. */
var FINAL = { 400: true, 413: true };

/** For an attempt that ended in an error of our own, or of the service framework. */
exports.OF_ERROR = { status: STATUS.PENDING, reason: 'call_failed' };

/**
 * @param {dw.svc.Result} result - of one order's call
 * @returns {{status: string, reason: string}} for the order
 */
exports.ofResult = function (result) {
    if (result.ok) { return exports.ofAnswer(result.object.status, parsed(result.object.text)); }
    var code = exports.refusal(result);
    if (code) { return exports.ofAnswer(code, { problem: parsed(result.errorMessage) }); }
    return { status: STATUS.PENDING, reason: String(result.unavailableReason || 'unreachable').toLowerCase() };
};

/**
 * @param {dw.svc.Result} result - not ok
 * @returns {number|null} the HTTP status of a refusal; null when nothing was answered
 */
exports.refusal = function (result) {
    var code = Number(result.error);
    return code >= 300 && code < 600 ? code : null;
};

/**
 * @param {number} code - HTTP status, of the call or of one item of a batch
 * @param {Object|null} answer - what came with it
 * @returns {{status: string, reason: string}} for the order
 */
exports.ofAnswer = function (code, answer) {
    if (code === 200 || code === 202) { return taken(answer); }
    var problem = (answer && answer.problem) || {};
    return {
        status: FINAL[code] ? STATUS.FAILED : STATUS.PENDING,
        reason: limited(['http_' + code, problem.code].concat(violations(problem)).filter(Boolean).join(' '))
    };
};

/**
 * @param {dw.svc.Result} result - of a batch's call
 * @returns {Array|null} one answer per order; null when the batch as a whole got none
 */
exports.items = function (result) {
    var answers = result.ok ? parsed(result.object.text) : null;
    return Array.isArray(answers) ? answers : null;
};

function taken(answer) {
    if (!answer || (answer.status !== 'accepted' && answer.status !== 'duplicate')) {
        return { status: STATUS.PENDING, reason: 'answer_unreadable' };
    }
    var differs = list(answer.differs).map(function (member) { return 'differs:' + member; });
    var skipped = list(answer.deliveries).filter(function (delivery) {
        return delivery.state === 'skipped' || delivery.state === 'expired';
    }).map(function (delivery) { return delivery.destination + ':' + delivery.reason; });
    return { status: STATUS.SENT, reason: limited([answer.status].concat(differs, skipped).join(' ')) };
}

function violations(problem) {
    return list(problem.violations).map(function (violation) { return violation.path + ' ' + violation.rule; });
}

function list(given) {
    return Array.isArray(given) ? given.filter(Boolean) : [];
}

function limited(text) {
    return text.length <= REASON_LIMIT ? text : text.slice(0, REASON_LIMIT - 3) + '...';
}

function parsed(text) {
    try {
        return JSON.parse(text);
    } catch (unreadable) {
        return null;
    }
}
