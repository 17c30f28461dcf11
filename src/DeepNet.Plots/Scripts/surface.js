// Turns surfaces: by dragging, by touch to the sides, by the arrow keys; a double click or Home gives the first view back.
// It draws what SurfacePainter.cs draws, by the same rules.
(() => {
  'use strict';

  /**
   * @typedef {{x: number[], y: number[], z: (number | null)[]}} Grid
   * @typedef {{view: [number, number], area: number[], box: number[], xticks: number[], yticks: number[], zticks: number[],
   *   xwidest: [number], ywidest: [number], zwidest: [number], surfaces: Grid[], order: number[]}} Numbers
   * @typedef {[number, number, number]} Point  where it is on the page, and how near
   */

  const top = 0.6;

  /**
   * Looks at the box of −1…1, −1…1, −0.6…0.6 from far away, as View.cs does.
   * @param {number} azimuth @param {number} elevation @param {number[]} area
   */
  const view = (azimuth, elevation, [left, above, across, down]) => {
    const a = azimuth * Math.PI / 180, e = Math.min(90, Math.max(5, elevation)) * Math.PI / 180;
    const sinA = Math.sin(a), cosA = Math.cos(a), sinE = Math.sin(e), cosE = Math.cos(e);
    const width = 2 * (Math.abs(sinA) + Math.abs(cosA)), height = width * sinE + 2 * top * cosE;
    const scale = Math.min(across / width, down / height), centerX = left + across / 2, centerY = above + down / 2;
    return {
      farX: cosA > 0 ? -1 : 1,
      farY: sinA > 0 ? -1 : 1,
      /** @param {number} x @param {number} y @param {number} z @returns {Point} */
      see: (x, y, z) => {
        const right = -sinA * x + cosA * y, depth = cosA * x + sinA * y;
        return [centerX + scale * right, centerY - scale * (cosE * z - sinE * depth), cosE * depth + sinE * z];
      },
    };
  };

  /** @param {number} v */
  const tenth = v => Math.round(v * 10) / 10;

  for (const group of /** @type {NodeListOf<SVGGElement>} */ (document.querySelectorAll('.surface'))) {
    const numbers = /** @type {Numbers} */ (JSON.parse(group.dataset.surface ?? ''));
    const svg = /** @type {SVGSVGElement} */ (group.ownerSVGElement);
    const walls = /** @type {Element} */ (group.querySelector('.gr')), edges = /** @type {Element} */ (group.querySelector('.ax'));
    const patches = /** @type {SVGGElement} */ (group.querySelector('[stroke-linejoin]'));
    const elements = [...patches.children];
    // The corners of each piece, with its element.
    const cells = numbers.surfaces.flatMap(({ x, y, z }) => {
      const all = [];
      for (let i = 0; i + 1 < y.length; i++)
        for (let j = 0; j + 1 < x.length; j++)
          all.push([[i, j], [i, j + 1], [i + 1, j + 1], [i + 1, j]].map(([r, c]) => [x[c], y[r], z[r * x.length + c] ?? 0]));
      return all;
    });
    const pieces = numbers.order.map((cell, k) => ({ cell, element: elements[k], corners: cells[cell], near: 0 }))
      .sort((p, q) => p.cell - q.cell);
    /** @param {string} key */
    const texts = key => /** @type {SVGTextElement[]} */ ([...group.querySelectorAll('[data-text="' + key + '"]')]);
    const labels = Object.fromEntries([...'xyzXYZ'].map(key => [key, texts(key)]));
    let [azimuth, elevation] = numbers.view, isPending = false;

    /** @param {SVGTextElement} text @param {number} x @param {number} y @param {string} [anchor] */
    const put = (text, x, y, anchor) => {
      text.setAttribute('x', x.toFixed(2));
      text.setAttribute('y', y.toFixed(2));
      if (anchor) text.setAttribute('text-anchor', anchor);
    };

    const draw = () => {
      isPending = false;
      const { see, farX, farY } = view(azimuth, elevation, numbers.area);
      /** @param {number[][]} lines */
      const path = lines => lines.map(([x0, y0, z0, x1, y1, z1]) => {
        const p = see(x0, y0, z0), q = see(x1, y1, z1);
        return `M${p[0].toFixed(2)} ${p[1].toFixed(2)}L${q[0].toFixed(2)} ${q[1].toFixed(2)}`;
      }).join('');
      walls.setAttribute('d', path([
        ...numbers.xticks.flatMap(v => [[v, -1, -top, v, 1, -top], [v, farY, -top, v, farY, top]]),
        ...numbers.yticks.flatMap(v => [[-1, v, -top, 1, v, -top], [farX, v, -top, farX, v, top]]),
        ...numbers.zticks.flatMap(v => [[-1, farY, v, 1, farY, v], [farX, -1, v, farX, 1, v]])]));
      edges.setAttribute('d', path([
        ...[-top, top].flatMap(h => [[-1, farY, h, 1, farY, h], [farX, -1, h, farX, 1, h]]),
        [farX, farY, -top, farX, farY, top], [-farX, farY, -top, -farX, farY, top], [farX, -farY, -top, farX, -farY, top],
        [-1, -farY, -top, 1, -farY, -top], [-farX, -1, -top, -farX, 1, -top]]));

      for (const piece of pieces) {
        let d = '', near = 0, beforeX = 0, beforeY = 0;
        piece.corners.forEach(([x, y, z], k) => {
          const p = see(x, y, z), px = tenth(p[0]), py = tenth(p[1]);
          near += p[2] / 4;
          d += (k === 0 ? 'M' : k === 1 ? 'l' : ' ') + tenth(px - beforeX) + ' ' + tenth(py - beforeY);
          [beforeX, beforeY] = [px, py];
        });
        piece.near = near;
        piece.element.setAttribute('d', d + 'z');
      }
      patches.append(...[...pieces].sort((p, q) => p.near - q.near).map(p => p.element));

      edge('x', v => see(v, -farY, -top), see(0, 0, -top));
      edge('y', v => see(-farX, v, -top), see(0, 0, -top));
      const [ux, uy] = see(farX, -farY, 0)[0] < see(-farX, farY, 0)[0] ? [farX, -farY] : [-farX, farY];
      let last = Infinity;
      labels.z.forEach((text, k) => {
        const p = see(ux, uy, numbers.zticks[k % numbers.zticks.length]), isCrowded = Math.abs(p[1] - last) < 14;
        if (!isCrowded) last = p[1];
        text.toggleAttribute('display', false);
        if (isCrowded) text.setAttribute('display', 'none');
        put(text, p[0] - 7, p[1] + 4.3);
      });
      for (const text of labels.Z) {
        const p = see(ux, uy, 0), x = Math.max(numbers.box[0] + 14, p[0] - numbers.zwidest[0] - 18);
        put(text, x, p[1]);
        text.setAttribute('transform', `rotate(-90 ${x.toFixed(2)} ${p[1].toFixed(2)})`);
      }
    };

    /**
     * Puts the numbers of an axis and its name away from the floor, as it is seen.
     * @param {'x' | 'y'} axis @param {(v: number) => Point} place @param {Point} center
     */
    const edge = (axis, place, center) => {
      const middle = place(0), length = Math.hypot(middle[0] - center[0], middle[1] - center[1]);
      const ux = (middle[0] - center[0]) / length, uy = (middle[1] - center[1]) / length;
      const anchor = ux > 0.4 ? 'start' : ux < -0.4 ? 'end' : 'middle', ticks = numbers[`${axis}ticks`];
      labels[axis].forEach((text, k) => {
        const p = place(ticks[k % ticks.length]);
        put(text, p[0] + ux * 8, p[1] + uy * 13 + 4.3, anchor);
      });
      const [left, above, across, down] = numbers.box;
      for (const text of labels[axis.toUpperCase()]) {
        const width = Number(text.dataset.width), away = 16 + numbers[`${axis}widest`][0] * Math.abs(ux);
        const slope = anchor === 'middle' ? width / 2 * Math.abs(ux) * Math.sign(uy) : 0;
        const x = middle[0] + ux * away - (anchor === 'start' ? 0 : anchor === 'end' ? width : width / 2);
        const y = middle[1] + uy * (away + 16) + slope + 4.3;
        put(text, Math.min(Math.max(x, left + 4), left + across - 4 - width), Math.min(y, above + down - 6));
      }
    };

    /** @param {number} a @param {number} e */
    const turn = (a, e) => {
      azimuth = ((a + 180) % 360 + 360) % 360 - 180;
      elevation = Math.min(90, Math.max(5, e));
      group.dataset.view = `${azimuth} ${elevation}`;
      if (!isPending) requestAnimationFrame(draw);
      isPending = true;
    };

    /** @type {{x: number, y: number, azimuth: number, elevation: number} | null} */
    let held = null;
    group.addEventListener('pointerdown', event => {
      if (event.button !== 0) return;
      held = { x: event.clientX, y: event.clientY, azimuth, elevation };
      group.setPointerCapture(event.pointerId);
      group.classList.add('held');
    });
    group.addEventListener('pointermove', event => {
      if (!held) return;
      const perPixel = 240 / svg.getBoundingClientRect().width;      // degrees
      turn(held.azimuth - (event.clientX - held.x) * perPixel, held.elevation + (event.clientY - held.y) * perPixel);
    });
    for (const end of ['pointerup', 'pointercancel'])
      group.addEventListener(end, () => {
        held = null;
        group.classList.remove('held');
      });
    const reset = () => turn(...numbers.view);
    group.addEventListener('dblclick', reset);
    group.addEventListener('keydown', event => {
      const steps = { ArrowLeft: [5, 0], ArrowRight: [-5, 0], ArrowUp: [0, 5], ArrowDown: [0, -5] };
      const step = steps[/** @type {keyof typeof steps} */ (event.key)];
      if (!step && event.key !== 'Home') return;
      event.preventDefault();
      if (step) turn(azimuth + step[0], elevation + step[1]);
      else reset();
    });

    // What lies between the pieces can be held too.
    const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    ['x', 'y', 'width', 'height'].forEach((name, i) => ground.setAttribute(name, String(numbers.area[i])));
    ground.setAttribute('fill', 'none');
    ground.setAttribute('pointer-events', 'all');
    group.prepend(ground);
    const hint = /** @type {HTMLElement | null} */ (svg.closest('figure')?.querySelector('.hint') ?? null);
    if (hint) hint.hidden = false;
    svg.setAttribute('role', 'group');
    group.setAttribute('tabindex', '0');
    group.setAttribute('role', 'img');
    group.setAttribute('aria-label', (svg.querySelector('title')?.textContent ?? '') + ': surface, turned with the arrow keys');
  }

  Object.assign(globalThis, { deepnet: { ...Reflect.get(globalThis, 'deepnet'), view } });
})();
