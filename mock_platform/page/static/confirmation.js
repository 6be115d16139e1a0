// What a shop's confirmation page does: report the purchase under the order's number.
(function () {
  "use strict";
  const order = document.getElementById("order").dataset;
  window.fbq("init", order.dataset);
  window.fbq("track", "PageView");
  window.fbq("track", "Purchase", { value: order.value, currency: order.currency, order_id: order.number, content_ids: order.product }, { eventID: order.number });
})();
