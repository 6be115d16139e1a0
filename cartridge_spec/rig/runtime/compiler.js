'use strict';

/**
 * @param {number} version - language version of the engine: 180 stands for old compatibility modes, 200 for new
 * @param {string[]} files - scripts
 * @returns {Object} what the engine says of those it refuses, by file
 */
exports.refused = function (version, files) {
    var context = Packages.org.mozilla.javascript.Context.getCurrentContext();
    var usual = context.getLanguageVersion();
    var refused = {};
    context.setLanguageVersion(version);
    files.forEach(function (file) {
        var bytes = java.nio.file.Files.readAllBytes(java.nio.file.Paths.get(file));
        try {
            context.compileString(new java.lang.String(bytes, 'UTF-8'), file, 1, null);
        } catch (thrown) {
            refused[file] = String(thrown);
        }
    });
    context.setLanguageVersion(usual);
    return refused;
};
