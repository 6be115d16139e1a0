'use strict';

/*
 * Stands in for SFRA's `server` module: routes as chains of steps, events of a route, extending a
 * controller of another cartridge. Written from its documented behaviour; holds what the controllers
 * under test rely on and nothing else.
 */

function Route(name, chain) {
    this.name = name;
    this.chain = chain;
    this.listeners = {};
}

Route.prototype.on = function (event, listener) {
    this.listeners[event] = (this.listeners[event] || []).concat(listener);
    return this;
};

Route.prototype.emit = function (event, req, res) {
    (this.listeners[event] || []).forEach(function (listener) {
        listener.call(this, req, res);
    }, this);
};

/** A pending redirect ends the chain, whatever steps are left: their `next` is never called. */
Route.prototype.run = function (req, res) {
    var route = this;
    var at = 0;
    function next(error) {
        if (error) {
            throw error;
        }
        if (res.redirectUrl) {
            route.emit('route:Redirect', req, res);
        } else if (at < route.chain.length) {
            route.emit('route:Step', req, res);
            at += 1;
            route.chain[at - 1].call(route, req, res, next);
        } else {
            route.emit('route:BeforeComplete', req, res);
            route.emit('route:Complete', req, res);
        }
    }
    this.emit('route:Start', req, res);
    next();
};

function Server() {
    this.routes = {};
}

Server.prototype.use = function (name) {
    this.routes[name] = new Route(name, Array.prototype.slice.call(arguments, 1));
};

function onlyBy(method, server, given) {
    var chain = Array.prototype.slice.call(given, 1);
    function verb(req, res, next) {
        next(req.httpMethod === method ? null : new Error('Params do not match route'));
    }
    server.use.apply(server, [given[0], verb].concat(chain));
}

Server.prototype.get = function () {
    onlyBy('GET', this, arguments);
};

Server.prototype.post = function () {
    onlyBy('POST', this, arguments);
};

Server.prototype.known = function (name) {
    if (!this.routes[name]) {
        throw new Error('Route with name "' + name + '" does not exist');
    }
    return this.routes[name];
};

Server.prototype.append = function (name) {
    var route = this.known(name);
    route.chain = route.chain.concat(Array.prototype.slice.call(arguments, 1));
};

Server.prototype.prepend = function (name) {
    var route = this.known(name);
    route.chain = Array.prototype.slice.call(arguments, 1).concat(route.chain);
};

Server.prototype.extend = function (controller) {
    this.routes = controller.routesOfServer;
};

Server.prototype.exports = function () {
    var exported = { routesOfServer: this.routes };
    Object.keys(this.routes).forEach(function (name) {
        exported[name] = function () { throw new Error('a route is run by the storefront'); };
        exported[name].public = true;
    });
    this.routes = {};
    return exported;
};

Server.prototype.middleware = {
    https: function (req, res, next) {
        next(req.https ? null : new Error('Params do not match route'));
    },
    include: function (req, res, next) {
        next(req.includeRequest ? null : new Error('Params do not match route'));
    }
};

module.exports = new Server();
