// A stand-in for the pixel's script, in our own few lines: it queues calls as fbq does, keeps an
// _fbp cookie, and sends what the browser would send, an image request to /tr.
(function () {
  "use strict";

  function browserId() {
    const found = document.cookie.match(/(?:^|; )_fbp=([^;]+)/);
    if (found) {
      return found[1];
    }
    const made = "fb.1." + Date.now() + "." + Math.floor(1e9 + Math.random() * 9e9);
    document.cookie = "_fbp=" + made + "; path=/; max-age=7776000; SameSite=Lax";
    return made;
  }

  const tag = document.currentScript;
  let dataset = "";

  window.fbq = function (command, name, members, options) {
    if (command === "init") {
      dataset = name;
      return;
    }
    const query = new URLSearchParams({ id: dataset, ev: name, dl: location.href, rl: document.referrer, ts: String(Date.now()), fbp: browserId() });
    if (options && options.eventID) {
      query.set("eid", options.eventID);
    }
    Object.keys(members || {}).forEach(function (member) {
      query.set("cd[" + member + "]", members[member]);
    });
    const image = new Image(1, 1);
    image.onload = function () {
      const sent = document.documentElement.dataset;
      sent.sent = ((sent.sent || "") + " " + name).trim();
    };
    image.src = tag.dataset.endpoint + "?" + query;
  };
})();
