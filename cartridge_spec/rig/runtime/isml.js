'use strict';

/** As much of ISML as the cartridges' templates use: isif and isloop without nesting, isprint, iscomment. */
var ENCODINGS = {
    htmldoublequote: function (text) {
        return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
    },
    htmlcontent: function (text) {
        return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
    }
};

function evaluate(expression, scope) {
    var names = Object.keys(scope);
    var values = names.map(function (name) { return scope[name]; });
    return new Function(names.join(','), 'return ' + expression).apply(null, values);
}

function printed(text, scope) {
    return text.replace(/<isprint value="\$\{(.+?)\}" encoding="(\w+)" ?\/>/g, function (whole, value, encoding) {
        return ENCODINGS[encoding](String(evaluate(value, scope)));
    });
}

function looped(text, pdict) {
    return text.replace(/<isloop items="\$\{(.+?)\}" var="(\w+)">([\s\S]*?)<\/isloop>\n?/g, function (whole, items, name, body) {
        return evaluate(items, { pdict: pdict }).map(function (item) {
            var scope = { pdict: pdict };
            scope[name] = item;
            return printed(body, scope);
        }).join('');
    });
}

/** What the current request has rendered so far. */
exports.page = '';

exports.render = function (template, pdict) {
    var text = template
        .replace(/<iscomment>[\s\S]*?<\/iscomment>\n?/g, '')
        .replace(/<\/?isdecorate[^>]*>\n?|<isinclude[^>]*>\n?/g, '')
        .replace(/<isif condition="\$\{(.+?)\}">([\s\S]*?)<\/isif>\n?/g, function (whole, condition, body) {
            return evaluate(condition, { pdict: pdict }) ? body : '';
        });
    return printed(looped(text, pdict), { pdict: pdict });
};
