// Large type, high contrast and (for staff) dark: remembered in this browser, optional comfort.
(function () {
  "use strict";
  const root = document.documentElement;
  // The page says which modes it has: dark is for staff.
  const modes = document.currentScript.dataset.modes.split(" ");
  const key = (mode) => "mingzhang-" + mode;

  function remembered(mode) {
    try { return localStorage.getItem(key(mode)); } catch { return null; }
  }

  function remember(mode, value) {
    try {
      if (value) localStorage.setItem(key(mode), value);
      else localStorage.removeItem(key(mode));
    } catch { /* A browser that keeps nothing still shows the mode for this page. */ }
  }

  function apply(mode, value) {
    if (value) root.dataset[mode] = value;
    else delete root.dataset[mode];
  }

  // Before the page is painted, so that nothing flashes.
  for (const mode of modes) apply(mode, remembered(mode));

  function wire(button) {
    const { mode, value } = button.dataset;
    const show = () => button.setAttribute("aria-pressed", String(root.dataset[mode] === value));
    button.addEventListener("click", () => {
      const next = root.dataset[mode] === value ? "" : value;
      apply(mode, next);
      remember(mode, next);
      show();
    });
    show();
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const group of document.querySelectorAll(".modes")) group.hidden = false;
    for (const button of document.querySelectorAll("button[data-mode]")) wire(button);
  });
})();
