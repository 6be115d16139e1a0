'use strict';

/**
 * The process pytest talks to: one JSON line in, one JSON line out.
 *
 * In:  {"module": "*&#47;cartridge/...", "function": "name", "arguments": [...]}
 * Out: {"value": ...} or {"error": "message", "stack": "..."}
 *
 * Each call loads the cartridge's modules anew, as SFCC does for each request; what outlasts a request
 * (orders, services, preferences) stands in world.js.
 */
(function (scope, configuration) {
    var runtime = configuration.runtime;
    load(runtime + '/loader.js');
    var loader = new scope.Loader(scope, configuration);
    var requireHere = loader.requireFrom(runtime + '/main.js');
    scope.dw = loader.packages();
    scope.empty = function (value) {
        return value === null || value === undefined || value === '' || value.length === 0;
    };

    var input = new java.io.BufferedReader(new java.io.InputStreamReader(java.lang.System['in'], 'UTF-8'));
    var output = new java.io.PrintStream(java.lang.System.out, true, 'UTF-8');

    function newRequest() {
        var world = requireHere('rig/world');
        loader.newRequest();
        scope.session = world.session;
        scope.request = world.request;
        scope.request.custom = {};
        scope.customer = world.customer;
        scope.response = world.response;
    }

    function answer(line) {
        var call = JSON.parse(line);
        newRequest();
        try {
            var target = requireHere(call.module);
            var value = target[call['function']].apply(target, call['arguments']);
            return { value: value === undefined ? null : value };
        } catch (thrown) {
            var exception = thrown && thrown.rhinoException;
            return { error: String(thrown), stack: exception ? String(exception.getScriptStackTrace()) : '' };
        }
    }

    for (var line = input.readLine(); line !== null; line = input.readLine()) {
        output.println(JSON.stringify(answer(String(line))));
    }
}(this, JSON.parse(arguments[0])));
