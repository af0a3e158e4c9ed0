// Brings the parts of the page that change up to date every second. Without it, the page says the same when it is loaded.
(() => {
  const EVERY_MS = 1000;
  const pause = document.getElementById("pause");
  const live = document.getElementById("live");
  if (!pause || !live) return;
  pause.hidden = live.hidden = false;
  document.getElementById("reload").hidden = true;

  const ids = (root) => new Set([...root.querySelectorAll("[data-request]")].map((row) => row.dataset.request));

  // What a person is in is not taken from under them.
  const isInUse = (part) => part.contains(document.activeElement) && !document.activeElement.matches(".scroll");

  const update = async () => {
    // A page that a form was answered with, with what was wrong, stays as it is; its address is no page to load.
    const address = location.pathname === "/" ? location.href : "/";
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(String(response.status));
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    const known = ids(document);
    for (const part of document.querySelectorAll("[data-live]")) {
      const found = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
      if (!found || found.innerHTML === part.innerHTML || isInUse(part)) continue;
      const inner = part.querySelector(".scroll");
      const left = inner ? inner.scrollLeft : 0;
      const focused = inner && inner === document.activeElement;
      part.replaceChildren(...found.childNodes);
      const again = part.querySelector(".scroll");
      if (again) {
        again.scrollLeft = left;
        if (focused) again.focus({ preventScroll: true });
      }
    }
    const arrived = [...document.querySelectorAll("[data-request]")].filter((row) => !known.has(row.dataset.request));
    for (const row of arrived) row.classList.add("new");
    if (arrived.length) live.textContent = arrived.length === 1 ? "1 new request" : `${arrived.length} new requests`;
    else if (live.dataset.lost) live.textContent = "Up to date";
    delete live.dataset.lost;
  };

  const turn = async () => {
    if (pause.getAttribute("aria-pressed") === "false" && !document.hidden) {
      try {
        await update();
      } catch {
        live.textContent = "The sandbox does not answer";
        live.dataset.lost = "yes";
      }
    }
    setTimeout(turn, EVERY_MS);
  };

  pause.addEventListener("click", () => {
    pause.setAttribute("aria-pressed", String(pause.getAttribute("aria-pressed") === "false"));
  });
  setTimeout(turn, EVERY_MS);
})();
