'use strict';

var Order = require('dw/order/Order');
var statuses = require('*/cartridge/scripts/conversionBridge/payload/statuses');
var values = require('*/cartridge/scripts/conversionBridge/payload/values');

/**
 * @param {dw.order.OrderAddress} address - null for digital goods and pick-up
 * @returns {Object|null} the contract's address; street and company are never sent
 */
exports.address = function (address) {
    if (!address) { return null; }
    return {
        first_name: values.text(address.firstName),
        last_name: values.text(address.lastName),
        phone: values.text(address.phone),
        city: values.text(address.city),
        state: values.text(address.stateCode),
        postal_code: values.text(address.postalCode),
        country: address.countryCode ? values.text(address.countryCode.value) : null
    };
};

/**
 * @param {dw.order.Order} order - placed; its customer may have been deleted since
 * @param {string[]} externalIds - further ids of the shopper, such as a loyalty number
 * @returns {Object} the contract's `customer`; a guest has no customer number
 */
exports.customer = function (order, externalIds) {
    var customer = order.customer;
    var profile = customer && customer.registered ? customer.profile : null;
    var guest = customer ? !customer.registered : false;
    return {
        customer_no: guest ? null : values.text(order.customerNo),
        external_ids: externalIds,
        registered: customer ? customer.registered === true : null,
        email: values.text(order.customerEmail),
        phone: phone(profile),
        first_name: profile ? values.text(profile.firstName) : null,
        last_name: profile ? values.text(profile.lastName) : null,
        name: values.text(order.customerName),
        birth_date: profile ? birthDate(profile.birthday) : null,
        gender: profile ? gender(profile) : null
    };
};

/**
 * @param {dw.order.Order} order - placed, however long ago
 * @returns {boolean|null} true for a registered customer's first order; null for guests, and when the orders
 *     before it cannot be looked up
 */
exports.newCustomer = function (order) {
    var customer = order.customer;
    try {
        return customer && customer.registered ? !hasBoughtBefore(customer.orderHistory, order) : null;
    } catch (unknown) {
        return null;
    }
};

// SFCC takes three comparisons here at most, so that cancelled and replaced orders are left out by hand.
function hasBoughtBefore(history, order) {
    var earlier = history.getOrders(
        'creationDate < {0} AND status != {1} AND status != {2}', null,
        order.creationDate, Order.ORDER_STATUS_CREATED, Order.ORDER_STATUS_FAILED
    );
    var found = false;
    while (!found && earlier.hasNext()) {
        found = statuses.isPlaced(earlier.next());
    }
    earlier.close();
    return found;
}

function phone(profile) {
    return profile ? values.text(profile.phoneMobile || profile.phoneHome || profile.phoneBusiness) : null;
}

function gender(profile) {
    if (profile.female) { return 'female'; }
    return profile.male ? 'male' : null;
}

// Not toISOString: the birthday is midnight where the server stands, which is another day in UTC.
function birthDate(day) {
    if (!day) { return null; }
    return day.getFullYear() + '-' + twoDigits(day.getMonth() + 1) + '-' + twoDigits(day.getDate());
}

function twoDigits(number) {
    return (number < 10 ? '0' : '') + number;
}
