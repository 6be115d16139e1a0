'use strict';

/**
 * What SFCC's engine refuses, or takes and then does something else with, is an error here: all of it is beyond
 * ES5, so ES5 is the limit for syntax (the parser's) and for built-ins (eslint-plugin-es-x).
 */
const es = require('eslint-plugin-es-x');

const SFCC = ['session', 'request', 'response', 'customer', 'dw', 'empty', 'webreferences2'];
const RIG = ['java', 'javax', 'Packages', 'load', 'arguments'];
const BROWSER = ['window', 'document', 'location', 'navigator', 'XMLHttpRequest', 'sessionStorage', 'setTimeout'];

function readonly(names) {
    return Object.fromEntries(names.map((name) => [name, 'readonly']));
}

module.exports = [
    { ignores: ['node_modules/**', 'dist/**', 'eslint.config.js'] },
    { linterOptions: { reportUnusedDisableDirectives: 'error' } },
    {
        files: ['cartridges/**/*.js', 'rig/**/*.js'],
        plugins: { 'es-x': es },
        settings: { 'es-x': { aggressive: true } },
        languageOptions: {
            ecmaVersion: 5,
            sourceType: 'script',
            globals: Object.assign({ require: 'readonly', module: 'writable', exports: 'writable' }, readonly(SFCC))
        },
        rules: Object.assign({}, es.configs['flat/restrict-to-es5'].rules, {
            // `at` is a member of the contract.
            'es-x/no-array-prototype-at': 'off',
            'es-x/no-string-prototype-at': 'off',
            strict: ['error', 'global'],
            eqeqeq: 'error',
            'no-undef': 'error',
            'no-unused-vars': ['error', { args: 'after-used', caughtErrors: 'none' }],
            'no-use-before-define': ['error', { functions: false, variables: false }],
            'no-redeclare': ['error', { builtinGlobals: false }],
            'no-shadow': 'error',
            'no-empty': ['error', { allowEmptyCatch: false }],
            'no-eval': 'error',
            'max-len': ['error', { code: 130 }],
            'max-lines': ['error', 250],
            'max-lines-per-function': ['error', 40],
            complexity: ['error', 10],
            curly: 'error',
            quotes: ['error', 'single', { avoidEscape: true }],
            semi: 'error',
            indent: ['error', 4, { SwitchCase: 1 }],
            'no-trailing-spaces': 'error',
            'eol-last': 'error'
        })
    },
    { files: ['rig/**/*.js'], languageOptions: { globals: readonly(RIG) } },
    {
        files: ['cartridges/*/cartridge/static/**/*.js', 'cartridges/*/cartridge/client/**/*.js'],
        languageOptions: { globals: readonly(BROWSER) }
    }
];
