// Shows one of several parts, chosen by buttons: the arrow keys, Home and End go from one to the next.
(() => {
  'use strict';

  for (const choice of document.querySelectorAll('.choice')) {
    const list = /** @type {HTMLElement} */ (choice.firstElementChild);
    const tabs = /** @type {HTMLButtonElement[]} */ ([...list.children]);
    const parts = tabs.map(t => /** @type {HTMLElement} */ (document.getElementById(t.getAttribute('aria-controls') ?? '')));

    /** @param {number} at */
    const show = at => tabs.forEach((tab, i) => {
      tab.setAttribute('aria-selected', String(i === at));
      tab.tabIndex = i === at ? 0 : -1;
      parts[i].hidden = i !== at;
    });

    tabs.forEach((tab, i) => {
      const part = parts[i];
      part.setAttribute('role', 'tabpanel');
      part.setAttribute('aria-labelledby', tab.id);
      const name = /** @type {HTMLElement | null} */ (part.querySelector(':scope > .name'));
      if (name) name.hidden = true;
      tab.addEventListener('click', () => show(i));
    });
    list.addEventListener('keydown', event => {
      const from = tabs.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
      const steps = { ArrowRight: from + 1, ArrowDown: from + 1, ArrowLeft: from - 1, ArrowUp: from - 1, Home: 0, End: tabs.length - 1 };
      const to = steps[/** @type {keyof typeof steps} */ (event.key)];
      if (from < 0 || to === undefined) return;
      event.preventDefault();
      const at = (to + tabs.length) % tabs.length;
      show(at);
      tabs[at].focus();
    });
    list.hidden = false;
    show(0);
  }
})();
