/* global java */
'use strict';

var isml = require('rig/isml');
var world = require('rig/world');

/** Renders into the page that the current request answers with. `world.templates` lists the folders. */
exports.renderTemplate = function (name, parameters) {
    var found = world.templates.map(function (folder) {
        return java.nio.file.Paths.get(folder, name + '.isml');
    }).filter(function (path) {
        return java.nio.file.Files.isRegularFile(path);
    });
    if (!found.length) {
        throw new Error('Template not found: ' + name);
    }
    var text = new java.lang.String(java.nio.file.Files.readAllBytes(found[0]), 'UTF-8');
    isml.page += isml.render(String(text), parameters || {});
};
