'use strict';

/**
 * SFCC's `require`: dw classes, the cartridge path, the own cartridge, a named cartridge, relative paths,
 * modules by bare name, JSON, and `module.superModule`.
 *
 * Compiled scripts are kept; a script of a cartridge is run anew in every request, as SFCC does.
 */
function Loader(scope, configuration) {
    this.scope = scope;
    this.configuration = configuration;
    this.compiled = {};
    this.resolved = {};
    this.lasting = {};
    this.loaded = {};
}

Loader.prototype.newRequest = function () {
    this.loaded = {};
};

Loader.prototype.requireFrom = function (from) {
    var loader = this;
    return function (request) {
        var key = from + ' ' + request;
        var file = loader.resolved[key] || loader.resolve(String(request), from);
        loader.resolved[key] = file;
        if (!file) { throw new Error('no module ' + request + ' for ' + from); }
        return loader.exportsOf(file);
    };
};

Loader.prototype.resolve = function (request, from) {
    var parts = request.split('/');
    var rest = parts.slice(1).join('/');
    switch (parts[0]) {
        case 'dw': return existing(this.configuration.stubs + '/' + request);
        case 'rig': return existing(this.configuration.runtime + '/' + rest);
        case '*': return firstIn(this.configuration.cartridges, rest);
        case '~': return existing(this.cartridgeOf(from) + '/' + rest);
        case '.':
        case '..': return existing(from.slice(0, from.lastIndexOf('/') + 1) + request);
        case '': return existing(request);
        default: return this.byName(parts, rest);
    }
};

Loader.prototype.byName = function (parts, rest) {
    var cartridges = this.configuration.cartridges.filter(function (directory) {
        return directory.slice(directory.lastIndexOf('/') + 1) === parts[0];
    });
    return firstIn(cartridges, rest) || existing(this.configuration.modules + '/' + parts.join('/'));
};

Loader.prototype.cartridgeOf = function (file) {
    return this.configuration.cartridges.filter(function (directory) {
        return file.indexOf(directory + '/') === 0;
    })[0];
};

Loader.prototype.superModuleOf = function (file) {
    var own = this.cartridgeOf(file);
    var cartridges = this.configuration.cartridges;
    var above = own ? firstIn(cartridges.slice(cartridges.indexOf(own) + 1), file.slice(own.length + 1)) : null;
    return above ? this.exportsOf(above) : null;
};

Loader.prototype.exportsOf = function (file) {
    var cache = this.outlastsRequests(file) ? this.lasting : this.loaded;
    if (!cache[file]) {
        cache[file] = this.makeModule(file);
        this.run(file, cache[file]);
    }
    return cache[file].exports;
};

Loader.prototype.outlastsRequests = function (file) {
    return file.indexOf(this.configuration.runtime + '/') === 0 || file.indexOf(this.configuration.stubs + '/') === 0;
};

Loader.prototype.makeModule = function (file) {
    var loader = this;
    return Object.defineProperty({ exports: {} }, 'superModule', {
        get: function () { return loader.superModuleOf(file); }
    });
};

Loader.prototype.run = function (file, module) {
    if (/\.json$/.test(file)) {
        module.exports = JSON.parse(sourceOf(file));
    } else {
        this.functionOf(file)(this.requireFrom(file), module, module.exports);
    }
};

Loader.prototype.functionOf = function (file) {
    if (!this.compiled[file]) {
        var source = 'function (require, module, exports) {' + sourceOf(file) + '\n}';
        var context = Packages.org.mozilla.javascript.Context.getCurrentContext();
        this.compiled[file] = context.compileFunction(this.scope, source, file, 1, null);
    }
    return this.compiled[file];
};

/** The global `dw`, through which scripts reach classes without `require`. */
Loader.prototype.packages = function () {
    var loader = this;
    var root = {};
    namesIn(this.configuration.stubs + '/dw').forEach(function (name) {
        root[name] = {};
        namesIn(loader.configuration.stubs + '/dw/' + name).forEach(function (file) {
            Object.defineProperty(root[name], file.replace(/\.js$/, ''), {
                get: function () { return loader.exportsOf(existing(loader.configuration.stubs + '/dw/' + name + '/' + file)); }
            });
        });
    });
    return root;
};

function existing(path) {
    var found = [path, path + '.js', path + '.json'].filter(function (candidate) {
        return new java.io.File(candidate).isFile();
    })[0];
    return found ? String(new java.io.File(found).getCanonicalPath()) : null;
}

function firstIn(cartridges, rest) {
    return cartridges.reduce(function (found, cartridge) { return found || existing(cartridge + '/' + rest); }, null);
}

function namesIn(directory) {
    return Array.prototype.map.call(new java.io.File(directory).list(), String);
}

function sourceOf(file) {
    var bytes = java.nio.file.Files.readAllBytes(java.nio.file.Paths.get(file));
    return String(new java.lang.String(bytes, 'UTF-8'));
}
