'use strict';

/*
 * Tells the storefront of the click that led to this page, and hands a purchase on to the page's tags.
 * Stores nothing in the browser. Works on cached pages and under a strict content security policy.
 *
 * After the shopper has answered: document.dispatchEvent(new Event('conversionbridge:consent')).
 * For tags: the event conversionbridge:purchase on document, its detail is the purchase; later comers
 * find it as window.conversionBridgePurchase.
 */
(function (window, document) {
    var script = document.getElementById('conversion-bridge');
    var waiting = false;

    function wanted() {
        var names = script.getAttribute('data-parameters').split(' ');
        return window.location.search.slice(1).split('&').filter(function (pair) {
            return names.indexOf(pair.split('=')[0]) >= 0;
        }).join('&');
    }

    function withoutQuery(address) {
        return address.split(/[?#]/)[0];
    }

    function form() {
        return 'query=' + encodeURIComponent(wanted())
            + '&page=' + encodeURIComponent(withoutQuery(window.location.href))
            + '&referrer=' + encodeURIComponent(withoutQuery(document.referrer));
    }

    function answered(answer) {
        waiting = answer.consent === 'unknown';
    }

    function send() {
        waiting = false;
        window.fetch(script.getAttribute('data-capture'), {
            method: 'POST',
            body: form(),
            keepalive: true,
            credentials: 'same-origin',
            headers: {
                'Content-Type': 'application/x-www-form-urlencoded',
                // Other origins cannot send it without asking, and are never allowed to.
                'X-Conversion-Bridge': 'capture'
            }
        }).then(function (response) {
            return response.json();
        }).then(answered)['catch'](function () {
            waiting = true;
        });
    }

    function sendIfWaiting() {
        if (waiting) {
            send();
        }
    }

    function track(purchase) {
        if (purchase.pixel && window.fbq) {
            window.fbq('track', 'Purchase', {
                value: purchase.value,
                currency: purchase.currency,
                content_type: 'product',
                content_ids: purchase.content_ids,
                order_id: purchase.order_id
            }, { eventID: purchase.event_id });
        }
    }

    function announcePurchase() {
        var place = document.getElementById('conversion-bridge-purchase');
        if (place) {
            window.conversionBridgePurchase = JSON.parse(place.getAttribute('data-purchase'));
            document.dispatchEvent(new window.CustomEvent('conversionbridge:purchase', {
                detail: window.conversionBridgePurchase
            }));
            track(window.conversionBridgePurchase);
        }
    }

    function start() {
        if (script && window.fetch && script.getAttribute('data-capture')) {
            document.addEventListener('conversionbridge:consent', send);
            window.addEventListener('pagehide', sendIfWaiting);
            if (wanted()) {
                send();
            }
        }
        announcePurchase();
    }

    start();
}(window, document));
