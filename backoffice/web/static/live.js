// The parts of a page that change by themselves: an element with data-live names a stream of the
// office; each event is the element's new content, made and escaped by the server.
"use strict";
for (const place of document.querySelectorAll("[data-live]")) {
  const stream = new EventSource(place.dataset.live);
  stream.onmessage = (event) => {
    // Who walks the page by keyboard stays where she is.
    const at = place.contains(document.activeElement) && document.activeElement.getAttribute("href");
    place.innerHTML = event.data;
    if (at) { place.querySelector(`[href="${CSS.escape(at)}"]`)?.focus({ preventScroll: true }); }
  };
  stream.onerror = () => { place.dataset.state = "waiting"; };
  stream.onopen = () => { place.dataset.state = "live"; };
  addEventListener("pagehide", () => stream.close());
}
