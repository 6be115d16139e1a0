/* global Packages, java */
'use strict';

/**
 * SFCC's `require`: dw classes, the cartridge path, the own cartridge, a named cartridge, relative paths,
 * modules by bare name, JSON, and `module.superModule`.
 */
this.makeLoader = function (scope, configuration) {
    var Context = Packages.org.mozilla.javascript.Context;
    var Files = java.nio.file.Files;
    var compiled = {};
    var lasting = {};
    var loaded = {};

    function path(text) {
        return java.nio.file.Paths.get(text).normalize();
    }

    function existing(text) {
        var found = [text, text + '.js', text + '.json'].filter(function (candidate) {
            return Files.isRegularFile(path(candidate));
        });
        return found.length ? String(path(found[0])) : null;
    }

    function firstOnPath(cartridges, rest) {
        for (var i = 0; i < cartridges.length; i += 1) {
            var found = existing(cartridges[i] + '/' + rest);
            if (found) { return found; }
        }
        return null;
    }

    function cartridgeOf(file) {
        return configuration.cartridges.filter(function (directory) {
            return file.indexOf(directory + '/') === 0;
        })[0];
    }

    function named(name) {
        return configuration.cartridges.filter(function (directory) {
            return directory.slice(directory.lastIndexOf('/') + 1) === name;
        });
    }

    function resolve(request, from) {
        var parts = request.split('/');
        var rest = parts.slice(1).join('/');
        if (parts[0] === 'dw') { return existing(configuration.stubs + '/' + request); }
        if (parts[0] === 'rig') { return existing(configuration.runtime + '/' + rest); }
        if (parts[0] === '*') { return firstOnPath(configuration.cartridges, rest); }
        if (parts[0] === '~') { return existing(cartridgeOf(from) + '/' + rest); }
        if (parts[0] === '.' || parts[0] === '..') { return existing(String(path(from).getParent()) + '/' + request); }
        if (request.charAt(0) === '/') { return existing(request); }
        if (parts[1] === 'cartridge') { return firstOnPath(named(parts[0]), rest); }
        return existing(configuration.modules + '/' + request);
    }

    function superModuleOf(file) {
        var own = cartridgeOf(file);
        if (!own) { return null; }
        var toTheRight = configuration.cartridges.slice(configuration.cartridges.indexOf(own) + 1);
        return firstOnPath(toTheRight, file.slice(own.length + 1));
    }

    function sourceOf(file) {
        return String(new java.lang.String(Files.readAllBytes(path(file)), 'UTF-8'));
    }

    function functionOf(file) {
        if (!compiled[file]) {
            var source = 'function (require, module, exports) {' + sourceOf(file) + '\n}';
            compiled[file] = Context.getCurrentContext().compileFunction(scope, source, file, 1, null);
        }
        return compiled[file];
    }

    function outlastsRequests(file) {
        return file.indexOf(configuration.runtime + '/') === 0 || file.indexOf(configuration.stubs + '/') === 0;
    }

    function withSuperModule(module, file) {
        Object.defineProperty(module, 'superModule', {
            get: function () {
                var above = superModuleOf(file);
                return above ? loadFile(above) : null;
            }
        });
        return module;
    }

    function loadFile(file) {
        var cache = outlastsRequests(file) ? lasting : loaded;
        if (!cache[file]) {
            var module = withSuperModule({ exports: {} }, file);
            cache[file] = module;
            if (/\.json$/.test(file)) {
                module.exports = JSON.parse(sourceOf(file));
            } else {
                functionOf(file)(requireFrom(file), module, module.exports);
            }
        }
        return cache[file].exports;
    }

    function requireFrom(from) {
        return function (request) {
            var file = resolve(String(request), from);
            if (!file) { throw new Error('no module ' + request + ' for ' + from); }
            return loadFile(file);
        };
    }

    function packages() {
        var root = {};
        java.util.Arrays.asList(new java.io.File(configuration.stubs + '/dw').list()).forEach(function (name) {
            root[name] = {};
            java.util.Arrays.asList(new java.io.File(configuration.stubs + '/dw/' + name).list()).forEach(function (file) {
                var simple = String(file).replace(/\.js$/, '');
                Object.defineProperty(root[name], simple, {
                    get: function () { return loadFile(existing(configuration.stubs + '/dw/' + name + '/' + simple)); }
                });
            });
        });
        return root;
    }

    return {
        require: requireFrom(configuration.runtime + '/main.js'),
        newRequest: function () { loaded = {}; },
        packages: packages
    };
};
