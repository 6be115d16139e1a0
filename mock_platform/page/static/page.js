// Keys: / to the search, on a page without one to that of the events; j and k through the events.
// All else works without this file.
(function () {
  "use strict";

  function typing(target) {
    return target.closest("input, select, textarea, [contenteditable]") !== null;
  }

  function step(by) {
    const links = Array.from(document.querySelectorAll("a.open"));
    const at = links.indexOf(document.activeElement);
    const next = links[at === -1 ? 0 : at + by];
    if (next) {
      next.focus();
    }
  }

  if (location.hash === "#q") {
    document.getElementById("q")?.focus();
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) {
      return;
    }
    const search = document.getElementById("q");
    if (event.key === "/") {
      event.preventDefault();
      if (search) {
        search.focus();
        search.select();
      } else {
        location.assign(document.querySelector("a.brand").href + "#q");
      }
    } else if (event.key === "j") {
      step(1);
    } else if (event.key === "k") {
      step(-1);
    }
  });
})();
