/* What a shop has beside our script: a consent banner, a checkout, and a pixel (a stand-in for Meta's). */
(function (window, document) {
    'use strict';

    var settings = document.getElementById('site').dataset;
    var store = '/on/demandware.store/Sites-RefArch-Site/en_US/';

    function cookie(name) {
        var found = document.cookie.match('(?:^|; )' + name + '=([^;]*)');
        return found ? found[1] : '';
    }

    window.fbq = function (command, event, data, options) {
        var asked = new URLSearchParams({
            id: settings.dataset, ev: event, eid: options.eventID, dl: window.location.href,
            fbp: cookie('_fbp'), fbc: cookie('_fbc'), ts: String(Date.now()),
            'cd[value]': data.value, 'cd[currency]': data.currency, 'cd[order_id]': data.order_id
        });
        new Image().src = settings.platform + '/tr?' + asked;
    };

    function answerBanner(consent) {
        window.fetch(store + 'ConsentTracking-SetSession?consent=' + consent).then(function () {
            document.cookie = '_fbp=fb.1.' + Date.now() + '.4711; path=/';
            document.dispatchEvent(new Event('conversionbridge:consent'));
        });
    }

    function show(order) {
        var form = document.createElement('form');
        form.method = 'POST';
        form.action = store + 'Order-Confirm';
        ['orderID', 'orderToken'].forEach(function (name) {
            var field = document.createElement('input');
            field.name = name;
            field.value = order[name];
            form.append(field);
        });
        document.body.append(form);
        form.submit();
    }

    function placeOrder() {
        window.fetch(store + 'CheckoutServices-PlaceOrder', { method: 'POST' })
            .then(function (response) { return response.json(); })
            .then(show);
    }

    function button(id, action) {
        var made = document.createElement('button');
        made.id = id;
        made.textContent = id;
        made.addEventListener('click', action);
        document.body.append(made);
    }

    document.addEventListener('DOMContentLoaded', function () {
        button('accept', answerBanner.bind(null, true));
        button('refuse', answerBanner.bind(null, false));
        button('buy', placeOrder);
    });
}(window, document));
