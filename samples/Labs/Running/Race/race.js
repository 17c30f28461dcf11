// @ts-check
"use strict";

/**
 * The race of optimizers: the page's script computes what DeepNet's optimizers compute, so that readers can drag the start and turn the
 * settings. Paths of DeepNet stand in the page, and the script says by how much its own differ from them.
 *
 * @typedef {{name: string, x: [number, number], y: [number, number], start: [number, number], steps: number, rates: number[],
 *   mean: boolean}} Landscape
 * @typedef {{rate: number, momentum: number, noise: number, batch: number, seed: number}} Settings
 * @typedef {[number, number]} Place
 * @typedef {{landscapes: Landscape[], racers: string[], every: number, paths: Record<string, Place[][]>}} RaceData
 */
(() => {
  /**
   * The losses, each with its gradient.
   * @type {Record<string, {loss: (x: number, y: number) => number, slope: (x: number, y: number) => Place}>}
   */
  const losses = {
    ravine: { loss: (x, y) => 0.5 * x * x + 20 * y * y, slope: (x, y) => [x, 40 * y] },
    saddle: {
      loss: (x, y) => 0.5 * x * x - 0.5 * y * y + 0.125 * y * y * y * y,
      slope: (x, y) => [x, -y + 0.5 * y * y * y],
    },
    minima: {
      loss: (x, y) => 0.5 * (x * x - 1) * (x * x - 1) + 0.3 * x + 0.5 * y * y,
      slope: (x, y) => [2 * x * (x * x - 1) + 0.3, y],
    },
    valley: {
      loss: (x, y) => 2 * y * y + 0.05 * Math.sqrt(x * x + 1),
      slope: (x, y) => [(0.05 * x) / Math.sqrt(x * x + 1), 4 * y],
    },
    burst: {
      loss: (x, y) => 0.5 * y * y + 0.02 * Math.sqrt(x * x + 1),
      slope: (x, y) => [(0.02 * x) / Math.sqrt(x * x + 1), y],
    },
  };

  /**
   * Makes the update of one coordinate: from a gradient to a step.
   * @type {Record<string, (rate: number, settings: Settings, mean: boolean) => (gradient: number, step: number) => number>}
   */
  const rules = {
    SGD: (rate) => (g) => -rate * g,
    Momentum: (rate, { momentum }) => {
      let b = 0;
      return (g) => -rate * (b = momentum * b + g);
    },
    AdaGrad: (rate, _, mean) => {
      let s = 0;
      return (g, step) => {
        s += g * g;
        return (-rate * g) / (Math.sqrt(mean ? s / step : s) + 1e-10);
      };
    },
    RMSProp: (rate) => {
      let s = 0;
      return (g) => {
        s = 0.9 * s + (1 - 0.9) * g * g;
        return (-rate * g) / (Math.sqrt(s) + 1e-8);
      };
    },
    Adam: (rate, { momentum }) => {
      let m = 0, v = 0;
      return (g, step) => {
        m = momentum * m + (1 - momentum) * g;
        v = 0.999 * v + (1 - 0.999) * g * g;
        return ((-rate / (1 - momentum ** step)) * m) / (Math.sqrt(v) / Math.sqrt(1 - 0.999 ** step) + 1e-8);
      };
    },
  };

  /** Numbers with a mean of 0 and a deviation of 1, the same as in C#. @param {number} seed */
  function noiseOf(seed) {
    let state = seed >>> 0;
    return () => {
      let sum = 0;
      for (let i = 0; i < 12; i++) {
        state ^= state << 13;
        state ^= state >>> 17;
        state = (state ^ (state << 5)) >>> 0;
        sum += state / 4294967296;
      }
      return sum - 6;
    };
  }

  /**
   * The places of a race, the start among them.
   * @param {Landscape} landscape @param {string} racer @param {number} rate @param {Settings} settings @param {Place} start
   */
  function pathOf(landscape, racer, rate, settings, start) {
    const along = rules[racer](rate * settings.rate, settings, landscape.mean);
    const across = rules[racer](rate * settings.rate, settings, landscape.mean);
    const next = noiseOf(settings.seed), size = settings.noise / Math.sqrt(settings.batch);
    let [x, y] = start;
    /** @type {Place[]} */
    const path = [[x, y]];
    for (let step = 1; step <= landscape.steps; step++) {
      const slope = losses[landscape.name].slope(x, y);
      const gx = slope[0] + size * next(), gy = slope[1] + size * next();
      x += along(gx, step);
      y += across(gy, step);
      path.push([x, y]);
    }
    return path;
  }

  /** @param {HTMLElement} root */
  function open(root) {
    /** @template {Element} T @param {string} selector @returns {T} */
    const one = (selector) => /** @type {T} */ (root.querySelector(selector));
    /** @type {RaceData} */
    const data = JSON.parse(one("script[type='application/json']").textContent ?? "");
    const map = /** @type {HTMLCanvasElement} */ (one(".race-map")), chart = /** @type {HTMLCanvasElement} */ (one(".race-loss"));
    const scrub = /** @type {HTMLInputElement} */ (one("[data-set='step']"));
    const play = /** @type {HTMLButtonElement} */ (one(".race-play"));
    const rows = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-racer]")]);
    const probe = root.appendChild(document.createElement("span"));
    const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

    let landscape = data.landscapes[0];
    /** @type {Settings} */
    const settings = { rate: 1, momentum: 0.9, noise: 0, batch: 1, seed: 1 };
    /** @type {Place} */
    let start = [...landscape.start];
    let shown = landscape.steps, timer = 0, last = 0;
    /** @type {Place[][]} */
    let paths = [];
    /** @type {{key: string, image: ImageData | null}} */
    const ground = { key: "", image: null };

    const isOut = (/** @type {number} */ i) => !(/** @type {HTMLInputElement} */ (rows[i].querySelector("input")).checked);
    const lossAt = (/** @type {Place} */ p) => losses[landscape.name].loss(p[0], p[1]);

    function race() {
      paths = data.racers.map((racer, i) => pathOf(landscape, racer, landscape.rates[i], settings, start));
      draw();
    }

    /** Where a place lies on the canvas. @param {Place} p @returns {Place} */
    function toCanvas(p) {
      const { x, y } = landscape;
      return [((p[0] - x[0]) / (x[1] - x[0])) * map.width, (1 - (p[1] - y[0]) / (y[1] - y[0])) * map.height];
    }

    /** Fits a canvas to its place on the page. @param {HTMLCanvasElement} canvas */
    function fit(canvas) {
      const ratio = Math.min(2, window.devicePixelRatio || 1), width = Math.round(canvas.clientWidth * ratio),
        height = Math.round(canvas.clientHeight * ratio);
      if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
      return ratio;
    }

    /** A colour of the page as red, green and blue. @param {string} name @returns {number[]} */
    function ink(name) {
      probe.style.color = `var(${name})`;
      return (getComputedStyle(probe).color.match(/[\d.]+/g) ?? ["0", "0", "0"]).slice(0, 3).map(Number);
    }

    /** Draws the surface: sixteen shades, with a line between them. @param {CanvasRenderingContext2D} to */
    function paintGround(to) {
      const high = ink("--race-high"), low = ink("--race-low"), edge = ink("--race-edge");
      const key = [landscape.name, map.width, map.height, high, low].join();
      if (ground.key !== key || !ground.image) {
        const { x, y } = landscape, { width, height } = map, shades = new Float64Array(width * height);
        let least = Infinity, most = -Infinity;
        for (let j = 0, k = 0; j < height; j++)
          for (let i = 0; i < width; i++, k++) {
            const v = lossAt([x[0] + ((x[1] - x[0]) * i) / width, y[1] - ((y[1] - y[0]) * j) / height]);
            shades[k] = v;
            if (v < least) least = v;
            if (v > most) most = v;
          }
        const image = to.createImageData(width, height);
        const level = (/** @type {number} */ k) => Math.min(15, Math.floor(16 * Math.sqrt((shades[k] - least) / (most - least))));
        for (let j = 0, k = 0; j < height; j++)
          for (let i = 0; i < width; i++, k++) {
            const l = level(k), isEdge = (i > 0 && level(k - 1) !== l) || (j > 0 && level(k - width) !== l);
            for (let c = 0; c < 3; c++) image.data[4 * k + c] = isEdge ? edge[c] : low[c] + ((high[c] - low[c]) * l) / 15;
            image.data[4 * k + 3] = 255;
          }
        [ground.key, ground.image] = [key, image];
      }
      to.putImageData(ground.image, 0, 0);
    }

    function draw() {
      const ratio = fit(map), to = map.getContext("2d");
      if (!to || map.width === 0) return;
      paintGround(to);
      const edge = `rgb(${ink("--race-paper")})`;
      to.lineJoin = to.lineCap = "round";
      paths.forEach((path, i) => {
        if (isOut(i)) return;
        const line = new Path2D();
        path.slice(0, shown + 1).forEach((p, k) => (k ? line.lineTo(...toCanvas(p)) : line.moveTo(...toCanvas(p))));
        to.strokeStyle = edge;
        to.lineWidth = 4.5 * ratio;
        to.stroke(line);
        to.strokeStyle = colorOf(i);
        to.lineWidth = 2.2 * ratio;
        to.stroke(line);
      });
      paths.forEach((path, i) => {
        if (!isOut(i)) dot(to, toCanvas(path[shown]), 5.5 * ratio, colorOf(i), edge, ratio);
      });
      dot(to, toCanvas(start), 8 * ratio, "transparent", edge, 3 * ratio);
      dot(to, toCanvas(start), 8 * ratio, "transparent", `rgb(${ink("--race-ink")})`, 1.6 * ratio);
      drawLosses();
      tell();
    }

    /** @param {number} i */
    const colorOf = (i) => `rgb(${ink(`--r${i}`)})`;

    /**
     * @param {CanvasRenderingContext2D} to @param {Place} at @param {number} radius @param {string} fill @param {string} edge
     * @param {number} width
     */
    function dot(to, at, radius, fill, edge, width) {
      to.beginPath();
      to.arc(at[0], at[1], radius, 0, 2 * Math.PI);
      to.fillStyle = fill;
      to.fill();
      to.strokeStyle = edge;
      to.lineWidth = width;
      to.stroke();
    }

    /** Draws the losses by step, above the lowest of the picture, on a logarithmic axis. */
    function drawLosses() {
      const ratio = fit(chart), to = chart.getContext("2d");
      if (!to) return;
      to.clearRect(0, 0, chart.width, chart.height);
      const curves = paths.map((path) => path.map(lossAt));
      const floor = Math.min(...curves.flat().filter(Number.isFinite));
      const height = (/** @type {number} */ v) => Math.log10(Math.max(v - floor, 1e-6)), top = height(curves[0][0]) + 0.3, bottom = -4;
      const pad = 4 * ratio;
      to.strokeStyle = `rgb(${ink("--race-edge")})`;
      to.lineWidth = ratio;
      for (let power = bottom; power <= top; power++) {
        const y = pad + ((top - power) / (top - bottom)) * (chart.height - 2 * pad);
        to.beginPath();
        to.moveTo(0, y);
        to.lineTo(chart.width, y);
        to.stroke();
      }
      to.lineJoin = "round";
      curves.forEach((curve, i) => {
        if (isOut(i)) return;
        to.beginPath();
        curve.slice(0, shown + 1).forEach((v, k) => {
          const x = pad + (k / landscape.steps) * (chart.width - 2 * pad);
          const y = pad + ((top - Math.max(bottom, Math.min(top, height(v)))) / (top - bottom)) * (chart.height - 2 * pad);
          if (k) to.lineTo(x, y);
          else to.moveTo(x, y);
        });
        to.strokeStyle = colorOf(i);
        to.lineWidth = 1.8 * ratio;
        to.stroke();
      });
    }

    /** Writes the numbers beside the picture. */
    function tell() {
      scrub.max = String(landscape.steps);
      scrub.value = String(shown);
      one(".race-step").textContent = `${shown} / ${landscape.steps}`;
      one(".race-start").textContent = `(${number.format(start[0])}, ${number.format(start[1])})`;
      rows.forEach((row, i) => {
        const loss = lossAt(paths[i][shown]), cells = row.querySelectorAll("td");
        cells[1].textContent = number.format(landscape.rates[i] * settings.rate);
        cells[2].textContent = Math.abs(loss) < 1e6 ? loss.toFixed(4) : "∞";
      });
      for (const name of /** @type {const} */ (["rate", "momentum", "noise", "batch"]))
        one(`[data-shows='${name}']`).textContent = (name === "rate" ? "× " : "") + number.format(settings[name]);
    }

    /** @param {boolean} isPlaying */
    function setPlaying(isPlaying) {
      cancelAnimationFrame(timer);
      play.setAttribute("aria-pressed", String(isPlaying));
      if (!isPlaying) return;
      if (shown >= landscape.steps) shown = 0;
      last = 0;
      const frame = (/** @type {number} */ now) => {
        // A race takes eight seconds, however many steps it has.
        const due = last ? ((now - last) / 8000) * landscape.steps : 1;
        if (due >= 1) {
          shown = Math.min(landscape.steps, shown + Math.floor(due));
          last = now;
          draw();
        }
        if (shown < landscape.steps) timer = requestAnimationFrame(frame);
        else setPlaying(false);
      };
      timer = requestAnimationFrame(frame);
    }

    /** @param {string} name */
    function choose(name) {
      landscape = data.landscapes.find((l) => l.name === name) ?? landscape;
      start = [...landscape.start];
      shown = landscape.steps;
      setPlaying(false);
      for (const note of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-note]")))
        note.hidden = note.dataset.note !== landscape.name;
      race();
    }

    /** @param {PointerEvent} e */
    function drag(e) {
      const box = map.getBoundingClientRect(), { x, y } = landscape;
      const part = (/** @type {number} */ at, /** @type {number} */ size) => Math.max(0, Math.min(1, at / size));
      start = [x[0] + (x[1] - x[0]) * part(e.clientX - box.left, box.width), y[1] - (y[1] - y[0]) * part(e.clientY - box.top, box.height)];
      shown = landscape.steps;
      race();
    }

    map.addEventListener("pointerdown", (e) => {
      map.setPointerCapture(e.pointerId);
      setPlaying(false);
      drag(e);
    });
    map.addEventListener("pointermove", (e) => {
      if (map.hasPointerCapture(e.pointerId)) drag(e);
    });
    map.addEventListener("keydown", (e) => {
      const moves = /** @type {Record<string, Place>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] });
      const move = moves[e.key];
      if (!move) return;
      e.preventDefault();
      const { x, y } = landscape, part = e.shiftKey ? 0.1 : 0.02;
      const within = (/** @type {number} */ v, /** @type {[number, number]} */ span) => Math.max(span[0], Math.min(span[1], v));
      start = [within(start[0] + move[0] * part * (x[1] - x[0]), x), within(start[1] + move[1] * part * (y[1] - y[0]), y)];
      shown = landscape.steps;
      race();
    });
    root.addEventListener("input", (e) => {
      const input = /** @type {HTMLInputElement} */ (e.target), name = input.dataset.set;
      if (input.name === "race-landscape") choose(input.value);
      else if (name === "step") {
        setPlaying(false);
        shown = Number(input.value);
        draw();
      } else if (name === "rate" || name === "batch") {
        settings[name] = (name === "rate" ? 10 : 2) ** Number(input.value);
        race();
      } else if (name === "momentum" || name === "noise") {
        settings[name] = Number(input.value);
        race();
      } else draw();
    });
    play.addEventListener("click", () => setPlaying(play.getAttribute("aria-pressed") !== "true"));
    one(".race-next").addEventListener("click", () => {
      setPlaying(false);
      shown = shown >= landscape.steps ? 0 : shown + 1;
      draw();
    });
    one(".race-reset").addEventListener("click", () => {
      Object.assign(settings, { rate: 1, momentum: 0.9, noise: 0, batch: 1, seed: 1 });
      /** @type {NodeListOf<HTMLInputElement>} */
      const ranges = root.querySelectorAll("input[type='range']");
      ranges.forEach((input) => (input.value = input.defaultValue));
      choose(landscape.name);
    });

    /** The largest distance between the script's paths and those of DeepNet that the page holds. */
    function difference() {
      const plain = { rate: 1, momentum: 0.9, noise: 0, batch: 1, seed: 1 };
      let largest = 0;
      for (const l of data.landscapes)
        data.racers.forEach((racer, i) => {
          const path = pathOf(l, racer, l.rates[i], plain, l.start);
          data.paths[l.name][i].forEach((p, k) => {
            const own = path[k * data.every];
            largest = Math.max(largest, Math.abs(own[0] - p[0]), Math.abs(own[1] - p[1]));
          });
        });
      return largest;
    }

    one(".race-difference").textContent = difference().toExponential(0).replace("-", "−");
    root.classList.add("race-live");
    new ResizeObserver(draw).observe(map);
    new MutationObserver(draw).observe(document.documentElement, { attributes: true });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    choose(landscape.name);

    return {
      /** Paths for tests. @param {string} name @param {number} racer @param {Settings} chosen @param {Place} [from] */
      path: (name, racer, chosen, from) => {
        const l = /** @type {Landscape} */ (data.landscapes.find((each) => each.name === name));
        return pathOf(l, data.racers[racer], l.rates[racer], chosen, from ?? l.start);
      },
      get start() {
        return start;
      },
      get shown() {
        return shown;
      },
    };
  }

  const root = /** @type {HTMLElement | null} */ (document.querySelector(".race"));
  if (root) Object.assign(window, { race: open(root) });
})();
