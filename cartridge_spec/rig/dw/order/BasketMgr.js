'use strict';

var attributes = require('int_conversion_bridge/cartridge/scripts/conversionBridge/attributes');
var customAttributes = require('rig/customAttributes');
var world = require('rig/world');

/** The one basket of the instance; `world.basket` says whether there is one. */
exports.getCurrentBasket = function () {
    if (world.basket && !world.basket.custom) {
        world.basket.custom = customAttributes.make(attributes.BASKET, {});
    }
    return world.basket || null;
};
