'use strict';

var world = require('rig/world');

function logger(name, category) {
    var made = {};
    ['debug', 'info', 'warn', 'error', 'fatal'].forEach(function (level) {
        made[level] = function (message) {
            if (world.faults.log && name !== 'system') { throw new Error('the log cannot be written'); }
            var values = Array.prototype.slice.call(arguments, 1);
            var text = String(message).replace(/\{(\d+)\}/g, function (whole, index) {
                return index < values.length ? String(values[index]) : whole;
            });
            world.logs.push({ level: level, name: name, category: category, text: text });
        };
    });
    return made;
}

module.exports = logger('system', 'system');
module.exports.getLogger = logger;
