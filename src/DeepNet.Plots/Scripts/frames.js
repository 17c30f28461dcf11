// Shows one of the frames of a figure, by sliders; plays them where there is one slider. Keys are those of sliders, and space plays.
(() => {
  'use strict';

  /** The numbers in ranges such as "0-4 7". @param {string} ranges */
  const numbers = ranges => {
    const set = new Set();
    for (const range of ranges.split(' ')) {
      const [first, last] = range.split('-').map(Number);
      for (let i = first; i <= (last ?? first); i++) set.add(i);
    }
    return set;
  };

  const isCalm = matchMedia('(prefers-reduced-motion: reduce)');

  for (const figure of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-frames]'))) {
    const sizes = (figure.dataset.frames ?? '').split(' ').map(Number);
    const parts = [...figure.querySelectorAll('[data-f]')].map(e => ({ element: e, frames: numbers(e.getAttribute('data-f') ?? '') }));
    const controls = /** @type {HTMLElement} */ (figure.querySelector('.controls'));
    const inputs = /** @type {HTMLInputElement[]} */ ([...controls.querySelectorAll('input')]);
    const play = /** @type {HTMLButtonElement | null} */ (controls.querySelector('.play'));
    let timer = 0;

    /** Tells a screen reader the value in the language of the page. @param {HTMLInputElement} input */
    const say = input => {
      const value = /** @type {Element} */ (/** @type {Element} */ (input.nextElementSibling).children[Number(input.value)]);
      const own = value.querySelector(':scope > [lang="' + document.documentElement.lang + '"]') ?? value;
      input.setAttribute('aria-valuetext', own.textContent ?? '');
    };

    const show = () => {
      const at = inputs.reduce((place, input, i) => place * sizes[i] + Number(input.value), 0);
      for (const part of parts) part.element.classList.toggle('on', part.frames.has(at));
      for (const input of inputs) {
        const values = [.../** @type {Element} */ (input.nextElementSibling).children];
        values.forEach((v, i) => v.classList.toggle('on', i === Number(input.value)));
        say(input);
      }
    };

    const stop = () => {
      clearInterval(timer);
      timer = 0;
      play?.setAttribute('aria-pressed', 'false');
    };

    const start = () => {
      const [input] = inputs, last = sizes[0] - 1;
      if (Number(input.value) === last) input.value = '0';
      show();
      play?.setAttribute('aria-pressed', 'true');
      timer = setInterval(() => {
        input.value = String(Number(input.value) + 1);
        show();
        if (Number(input.value) === last) stop();
      }, isCalm.matches ? 700 : Math.min(700, Math.max(60, 5000 / sizes[0])));
    };

    for (const input of inputs) {
      input.addEventListener('input', () => {
        stop();
        show();
      });
      input.addEventListener('focus', () => say(input));
      input.addEventListener('keydown', event => {
        if (event.key !== ' ' || !play) return;
        event.preventDefault();
        play.click();
      });
    }
    play?.addEventListener('click', () => timer ? stop() : start());
    controls.hidden = false;
    stop();
    show();
  }
})();
