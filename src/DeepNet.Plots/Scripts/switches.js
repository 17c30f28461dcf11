// Remembers the theme and the language that a reader chose, and tells the document its language. Styles do the rest.
(() => {
  'use strict';

  /** @param {string} name @returns {string | null} */
  const recall = name => {
    try { return localStorage.getItem('deepnet-' + name); } catch { return null; }
  };

  /** @param {string} name @param {string} value */
  const keep = (name, value) => {
    try { localStorage.setItem('deepnet-' + name, value); } catch { /* a page that may store nothing begins anew */ }
  };

  const inputs = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll('.switches input')]);
  const english = document.title;

  const tell = () => {
    const chosen = inputs.find(i => i.name === 'language' && i.checked);
    if (!chosen) return;
    document.documentElement.lang = chosen.value;
    const title = document.querySelector('h1 > [lang="' + chosen.value + '"]');
    document.title = title ? title.textContent ?? english : english;
    // An SVG is named by its title in this language, where it has one.
    for (const svg of document.querySelectorAll('svg.plot')) {
      const own = svg.querySelector(':scope > title[lang="' + chosen.value + '"]') ?? svg.querySelector(':scope > title');
      const description = svg.querySelector(':scope > desc');
      if (own && description) svg.setAttribute('aria-labelledby', own.id + ' ' + description.id);
    }
  };

  for (const input of inputs) {
    if (recall(input.name) === input.value) input.checked = true;
    input.addEventListener('change', () => {
      keep(input.name, input.value);
      tell();
    });
  }
  tell();
  document.addEventListener('DOMContentLoaded', tell);
})();
