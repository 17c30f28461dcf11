// @ts-check
// The live page: takes what the server sends about runs, and draws it. No library; the colours and letters are those of reports and figures.
'use strict';

/** @typedef {[step: number, time: number|null, steps: number, loss: number|null, least: number|null, most: number|null,
 *   rate: number|null, norm: number|null, perSecond: number|null, bytes: number|null]} Point */
/** @typedef {{epoch: number, step: number, seconds: number|null, rate: number|null, values: Record<string, number|null>}} Epoch */
/** @typedef {{kind: string, name: string, low: number, high: number, zeros: number, notFinite: number, counts: number[],
 *   quantiles: number[][]}} Layer */
/** @typedef {{title: string|null, text: string, right?: boolean, image: string|null}} Card */
/** @typedef {{branch: string, summary: string, evidence: string[], advice: string[]}} Diagnosis */
/** @typedef {{run: number, name: string, state: string, reason: string|null, saved: string|null, stopping: boolean, step: number,
 *   epoch: number, batch: number, batches: number, epochsToReach: number, model: string, canSave: boolean, higher: string[],
 *   settings: string[][], points: Point[], epochs: Epoch[], layers: Map<string, Layer>, cards: Card[], diagnosis: Diagnosis|null,
 *   note: string}} Run */
/** @typedef {{label: string, color: number, dashed?: boolean, x: number[], y: (number|null)[], low?: (number|null)[],
 *   high?: (number|null)[]}} Series */

const Most = 6000;                      // points of a curve that are kept
const Validation = 'val_';
const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
/** @type {Map<number, Run>} */
const runs = new Map();

/** @param {string} id @returns {any} */
const by = id => document.getElementById(id);

/** Makes an element. @param {string} tag @param {Record<string, any>} [set] @param {...(Node|string)} inside @returns {any} */
function el(tag, set = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(set)) {
    if (name in made) /** @type {any} */ (made)[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...inside);
  return made;
}

/** Makes an element of a drawing. @param {string} tag @param {Record<string, string|number>} set @param {...(Node|string)} inside */
function draw(tag, set, ...inside) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(set)) made.setAttribute(name, String(value));
  made.append(...inside);
  return made;
}

/** Changes a text only where it is another one: screen readers and selections stay undisturbed. @param {Element} at @param {string} text */
function say(at, text) {
  if (at.textContent !== text) at.textContent = text;
}

// ---- Numbers as text, as the program prints them ----

/** @param {number|null|undefined} value */
function figure(value) {
  if (value === null || value === undefined) return '–';
  const size = Math.abs(value);
  if (size === 0 || (size >= 0.001 && size < 1000)) return value.toFixed(4);
  return size >= 1000 && size < 1e7 ? value.toFixed(1) : value.toExponential(3);
}

/** A number of few digits. @param {number|null|undefined} value @param {number} [digits] */
function short(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  let size = Math.abs(value), unit = '';
  if (size < 1e-4 || size >= 1e15) return value.toExponential(digits - 1).replace(/\.?0+e/, 'e').replace(/e\+?/, 'e').replaceAll('-', '−');
  for (const [limit, name] of /** @type {[number, string][]} */ ([[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e4, 'k']])) {
    if (size < limit) continue;
    const of = name === 'k' ? 1e3 : limit;
    [size, unit] = [size / of, name];
    break;
  }
  const text = size >= 10 ** (digits - 1) ? size.toFixed(0) : size.toPrecision(digits);
  return (value < 0 ? '−' : '') + (text.includes('.') ? text.replace(/\.?0+$/, '') : text) + unit;
}

/** @param {number|null|undefined} seconds */
function time(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  const two = (/** @type {number} */ n) => String(Math.floor(n)).padStart(2, '0');
  if (seconds < 99.95) return `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)} min`;
  return `${Math.floor(seconds / 3600)}:${two(seconds / 60 % 60)} h`;
}

/** @param {number|null|undefined} bytes */
function size(bytes) {
  if (bytes === null || bytes === undefined) return '–';
  return bytes < 2 ** 20 ? `${(bytes / 1024).toFixed(0)} KiB`
    : bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}

/** @param {string} name */
const words = name => (name.startsWith(Validation) ? `validation ${name.slice(Validation.length)}` : name).replaceAll('_', ' ');

// ---- What the server sends ----

/** @param {{whole: boolean, runs: any[]}} news */
function take(news) {
  if (news.whole) runs.clear();
  for (const part of news.runs) {
    let run = runs.get(part.run);
    if (!run) {
      run = /** @type {Run} */ ({ points: [], epochs: [], layers: new Map(), cards: [], diagnosis: null, note: '' });
      runs.set(part.run, run);
    }
    const before = run.epochs.length;
    const { points, epochs, layers, ...rest } = part;
    Object.assign(run, rest);
    for (const point of points) add(run.points, point);
    for (const epoch of epochs) add(run.epochs, epoch);
    for (const layer of layers) {
      const key = `${layer.kind} ${layer.name}`, quantiles = run.layers.get(key)?.quantiles ?? [];
      for (const row of layer.quantiles) add(quantiles, row, 240);
      run.layers.set(key, { ...layer, quantiles });
    }
    if (run.epochs.length > before) announce(run);
  }
  redraw();
}

/** Adds to a list of bounded length: where it is full, every second item goes. @template T @param {T[]} list @param {T} item @param {number} [most] */
function add(list, item, most = Most) {
  list.push(item);
  if (list.length < most) return;
  let kept = 0;
  for (let i = 1; i < list.length; i += 2) list[kept++] = list[i];
  list.length = kept;
}

let announced = -Infinity;

/** Tells screen readers of an epoch, not more often than can be listened to. @param {Run} run */
function announce(run) {
  if (performance.now() - announced < 8000) return;
  announced = performance.now();
  const last = run.epochs[run.epochs.length - 1];
  const figures = Object.entries(last.values).map(([name, value]) => `${words(name)} ${figure(value)}`).join(', ');
  say(by('say'), `${runs.size > 1 ? `${run.name}: ` : ''}epoch ${last.epoch} of ${run.epochsToReach}: ${figures}`);
}

function connect() {
  const source = new EventSource('events');
  let isOver = false;
  source.onopen = () => link('on', 'connected');
  source.onmessage = message => {
    link('on', 'connected');
    take(JSON.parse(message.data));
  };
  source.addEventListener('bye', () => {
    isOver = true;
    source.close();
    link('', 'the program has closed the page; what it showed stays here');
    setTimeout(connect, 5000);         // the next run of the program appears here by itself
  });
  source.onerror = () => {
    if (!isOver && runs.size > 0) link('off', 'the connection is lost; trying again');
  };
}

/** @param {string} state @param {string} text */
function link(state, text) {
  by('dot').className = `dot ${state}`;
  say(by('link'), text);
  isLinked = state === 'on';
  redraw();
}

let isLinked = false, isDue = false;

function redraw() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    drawRuns();
    drawCurves();
    drawChosen();
  });
}

// ---- The cards of the runs ----

/** @type {Map<number, any>} */
const cards = new Map();

function drawRuns() {
  for (const [number, card] of cards) {
    if (runs.has(number)) continue;
    card.root.remove();
    cards.delete(number);
  }
  for (const run of runs.values()) {
    let card = cards.get(run.run);
    if (!card) {
      card = makeCard(run);
      cards.set(run.run, card);
      by('runs').append(card.root);
    }
    drawCard(card, run);
  }
  const all = [...runs.values()], going = all.filter(r => r.state === 'Running');
  by('close').hidden = !(token && isLinked && all.length > 0 && going.length === 0);
  const first = going[0] ?? all[all.length - 1];
  if (first) document.title = `${going.length > 0 ? `${first.epochs.length}/${first.epochsToReach}` : first.state.toLowerCase()} · ${first.name}`;
}

/** @param {Run} run */
function makeCard(run) {
  const card = {
    key: el('span', { className: 'key' }), name: el('span'), badge: el('span'), epoch: el('p', { className: 'epoch' }),
    bar: el('progress', { max: 1, value: 0 }), facts: el('dl', { className: 'facts' }), finding: el('div'), done: '',
    stop: el('button', { type: 'button' }, 'Stop'), save: el('button', { type: 'button' }, 'Save a checkpoint'), note: el('span', { role: 'status' }),
  };
  const id = `run-${run.run}`;
  card.name.id = id;
  card.bar.setAttribute('aria-label', 'progress of the run');
  card.stop.onclick = () => askToStop(run.run);
  card.save.onclick = () => act(run.run, 'checkpoint');
  const root = el('section', { className: 'run', 'aria-labelledby': id }, el('h2', {}, card.key, card.name, card.badge), card.epoch,
    card.bar, card.facts, card.finding, el('div', { className: 'do' }, card.stop, card.save, card.note));
  return { ...card, root };
}

/** @param {any} card @param {Run} run */
function drawCard(card, run) {
  const isGoing = run.state === 'Running';
  card.root.dataset.state = run.state;
  card.key.hidden = runs.size === 1;
  card.key.style.background = `var(--c${colorOf(run)})`;
  say(card.name, run.name);
  const [look, sign] = { Running: ['none', '▸'], Completed: ['pass', '✓'], Stopped: ['pass', '■'], Interrupted: ['warn', '!'] }[run.state]
    ?? ['fail', '✗'];
  card.badge.className = `badge ${look}`;
  say(card.badge, `${sign} ${run.stopping ? 'stopping' : run.state.toLowerCase()}`);
  const done = run.epochs.length > 0 ? run.epochs[run.epochs.length - 1].epoch : 0;
  const within = run.epoch > done && run.batches > 0 ? run.batch / run.batches : 0;
  const epoch = `epoch ${isGoing ? Math.min(done + 1, run.epochsToReach) : done} of ${run.epochsToReach}, step ${run.step.toLocaleString('en')}`;
  say(card.epoch, run.reason ? `${epoch} (${run.state.toLowerCase()}: ${run.reason})` : epoch);
  card.bar.value = Math.min(1, (done + within) / Math.max(1, run.epochsToReach));
  card.bar.hidden = !isGoing;
  drawFacts(card.facts, run, isGoing, done + within);
  drawFinding(card, run);
  card.stop.hidden = !isGoing || !token;
  card.stop.disabled = run.stopping || !isLinked;
  card.save.hidden = !isGoing || !token || !run.canSave;
  card.save.disabled = !isLinked;
  const saved = run.saved ? `saved ${run.saved}` : '';
  say(card.note, run.stopping ? 'stopping after this step' : run.note || saved
    || (isGoing && !token ? 'To stop or save the run, open the address that the program printed.' : ''));
}

/** @param {HTMLElement} list @param {Run} run @param {boolean} isGoing @param {number} done */
function drawFacts(list, run, isGoing, done) {
  const point = run.points[run.points.length - 1], last = run.epochs[run.epochs.length - 1];
  /** @type {[string, string, string, string][]} */
  const facts = [];
  if (!last && point) facts.push(['step-loss', 'loss of a step', figure(point[3]), '']);
  for (const [name, value] of Object.entries(last?.values ?? {})) {
    const best = bestOf(run, name);
    facts.push([name, words(name), figure(value), best !== null && figure(best) !== figure(value) ? `best ${figure(best)}` : '']);
  }
  const passed = point?.[1] ?? null;
  if (point) facts.push(['speed', 'examples a second', short(point[8]), '']);
  const whole = run.epochs.reduce((sum, e) => sum + (e.seconds ?? 0), 0);
  facts.push(['time', 'time', time(isGoing ? passed : whole || passed), leftOf(run, isGoing, done)]);
  if (point) facts.push(['memory', 'memory of tensors', size(point[9]), '']);
  while (list.children.length > facts.length) list.lastChild?.remove();
  facts.forEach(([key, name, text, more], i) => {
    const at = /** @type {any} */ (list.children[i] ?? list.appendChild(el('div', {}, el('dt'), el('dd', {}, el('span'), el('span', { className: 'more' })))));
    at.dataset.figure = key;
    say(at.firstChild, name);
    say(at.lastChild.firstChild, text);
    const exact = last?.values[key];
    at.lastChild.firstChild.title = exact === undefined || exact === null ? '' : String(exact);
    say(at.lastChild.lastChild, more ? ` ${more}` : '');
  });
}

/** @param {Run} run @param {boolean} isGoing @param {number} done */
function leftOf(run, isGoing, done) {
  const some = run.epochs.slice(-5).map(e => e.seconds ?? 0), point = run.points[run.points.length - 1];
  const each = some.length > 0 ? some.reduce((a, b) => a + b, 0) / some.length : done > 0 && point?.[1] ? point[1] / done : 0;
  const left = each * (run.epochsToReach - done);
  return isGoing && left > 0 ? `about ${time(left < 99.95 ? Math.ceil(left) : left).replace(/\.0+ s/, ' s')} left` : '';
}

/** @param {Run} run @param {string} name */
function bestOf(run, name) {
  const higher = run.higher.includes(name.startsWith(Validation) ? name.slice(Validation.length) : name);
  /** @type {number|null} */
  let best = null;
  for (const epoch of run.epochs) {
    const value = epoch.values[name];
    if (value !== null && value !== undefined && (best === null || (higher ? value > best : value < best))) best = value;
  }
  return best;
}

/** @param {any} card @param {Run} run */
function drawFinding(card, run) {
  const found = run.diagnosis, text = found ? `${run.state === 'Running'} ${JSON.stringify(found)}` : '';
  if (card.done === text) return;
  card.done = text;
  const isOpen = card.finding.querySelector('details')?.open ?? false;
  card.finding.replaceChildren();
  // That it is still learning is news of a run that has ended.
  if (!found || found.branch === 'Unclear' || (found.branch === 'StillLearning' && run.state === 'Running')) return;
  const look = { Healthy: 'pass', Diverging: 'fail', StillLearning: 'none' }[found.branch] ?? 'warn';
  const list = (/** @type {string[]} */ lines) => el('ul', {}, ...lines.map(l => el('li', {}, `${l[0].toUpperCase()}${l.slice(1)}.`)));
  const inside = el('details', { open: isOpen }, el('summary', {}, found.summary), list(found.evidence));
  if (found.advice.length > 0) inside.append(el('p', {}, 'What to try:'), list(found.advice));
  card.finding.append(el('div', { className: `finding ${look}` }, inside));
}

/** @param {Run} run */
const colorOf = run => (run.run - 1) % 8;

// ---- What the page can do ----

/** @param {number} number @param {string} what */
async function act(number, what) {
  const run = runs.get(number);
  let note;
  try {
    const answer = await fetch(`runs/${number}/${what}`, { method: 'POST', headers: { 'X-DeepNet-Token': token } });
    note = answer.ok && what === 'checkpoint' ? 'a checkpoint is saved after this step' : answer.ok ? '' : await answer.text();
  } catch {
    note = 'The program does not answer.';
  }
  if (!run) return;
  run.note = note;
  if (what === 'checkpoint') setTimeout(() => { run.note = ''; redraw(); }, 3000);
  redraw();
}

/** @param {number} number */
function askToStop(number) {
  const run = runs.get(number), dialog = by('sure');
  if (!run) return;
  say(by('question'), `Stop ${run.name} after this step?`);
  say(dialog.querySelector('.does'), run.canSave ? 'A checkpoint is saved, from which the run can be resumed.'
    : 'The model keeps what it has learned. There is no checkpoint to resume from: the trainer has no Checkpoints.');
  dialog.returnValue = '';
  dialog.onclose = () => {
    if (dialog.returnValue === 'stop') act(number, 'stop');
  };
  dialog.showModal();
}

by('close').onclick = () => fetch('close', { method: 'POST', headers: { 'X-DeepNet-Token': token } }).catch(() => { });

// ---- Charts ----

/** A chart that keeps its elements, and draws its lines again where its series have changed. */
class Chart {
  /** @param {Element} into @param {string} title @param {string} xLabel @param {{log?: boolean, zero?: boolean, text?: (v: number|null|undefined) => string}} [options] */
  constructor(into, title, xLabel, options = {}) {
    [this.title, this.xLabel, this.options] = [title, xLabel, options];
    this.legend = el('ul');
    this.svg = draw('svg', { 'aria-hidden': 'true' });
    this.root = el('figure', { tabIndex: 0, role: 'img' }, el('figcaption', {}, title), this.legend, this.svg);
    into.append(this.root);
    /** @type {Series[]} */
    this.series = [];
    /** @type {number|null} */
    this.at = null;
    this.stamp = '';
    this.svg.addEventListener('pointermove', e => this.point(this.inverse(e.offsetX)));
    this.svg.addEventListener('pointerleave', () => this.point(null));
    this.root.addEventListener('blur', () => this.point(null));
    this.root.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => this.key(e));
    new ResizeObserver(() => this.paint()).observe(this.root);
  }

  /** @param {Series[]} series */
  update(series) {
    const stamp = series.map(s => `${s.label} ${s.color} ${s.x.length} ${s.x[s.x.length - 1]} ${s.y[s.y.length - 1]}`).join();
    if (stamp === this.stamp) return;
    [this.stamp, this.series] = [stamp, series];
    this.paint();
  }

  /** @param {number|null} x */
  point(x) {
    if (this.at === x) return;
    this.at = x;
    this.paint();
  }

  /** @param {KeyboardEvent} e */
  key(e) {
    const xs = [...new Set(this.series.flatMap(s => s.x))].sort((a, b) => a - b);
    if (e.key === 'Escape') return this.point(null);
    if (xs.length === 0 || !['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(e.key)) return;
    e.preventDefault();
    const last = xs.length - 1, stride = Math.max(1, Math.round(xs.length / 100));
    let i = this.at === null ? last : nearest(xs, this.at);
    i = e.key === 'Home' ? 0 : e.key === 'End' ? last : e.key === 'ArrowLeft' ? Math.max(0, i - stride) : Math.min(last, i + stride);
    this.point(xs[i]);
    say(by('say'), `${this.xLabel} ${xs[i]}: ${this.series.map(s => `${s.label} ${this.valueText(s)}`).join(', ')}`);
  }

  /** @param {Series} s */
  valueText(s) {
    const i = this.at === null ? s.y.length - 1 : nearest(s.x, this.at);
    return (this.options.text ?? figure)(s.y[i]);
  }

  /** @param {number} pixel */
  inverse(pixel) {
    const [left, right, low, high] = this.frame ?? [0, 1, 0, 1];
    return low + (Math.min(right, Math.max(left, pixel)) - left) / (right - left) * (high - low);
  }

  paint() {
    const width = Math.floor(this.root.clientWidth), height = 190;
    if (width < 40) return;
    const drawn = this.series.filter(s => s.x.length > 0);
    this.paintLegend(drawn);
    this.root.setAttribute('aria-label', `${this.title}: ${drawn.map(s => `${s.label} ${this.valueText(s)}`).join(', ') || 'no figures yet'}`);
    const svg = this.svg;
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    svg.setAttribute('height', String(height));
    svg.replaceChildren();
    const [xLow, xHigh] = reach(drawn.map(s => s.x));
    let [yLow, yHigh] = reach(drawn.map(s => s.y));
    const positive = Math.min(...drawn.map(s => s.y.reduce((/** @type {number} */ a, v) => v !== null && v < a ? v : a, Infinity)));
    const log = Boolean(this.options.log) && positive > 0 && yHigh > 20 * positive;
    if (this.options.zero) yLow = Math.min(0, yLow);
    const scale = (/** @type {number} */ v) => log ? Math.log10(v) : v;
    let [low, high] = [scale(log ? positive : yLow), scale(yHigh)];
    const air = (high - low || Math.abs(high) || 1) * 0.06;
    [low, high] = [this.options.zero && yLow === 0 ? 0 : low - air, high + air];
    const yTicks = ticks(low, high, 5, log), labels = yTicks.map(t => log ? short(10 ** t, 2) : tickText(t, yTicks));
    const left = 10 + Math.max(18, ...labels.map(l => l.length * 6.6)), right = width - 10, top = 8, bottom = height - 34;
    const span = xHigh - xLow || 1;
    const X = (/** @type {number} */ v) => left + (v - xLow) / span * (right - left);
    const Y = (/** @type {number} */ v) => bottom - (scale(v) - low) / (high - low) * (bottom - top);
    this.frame = [left, right, xLow, xLow + span];
    yTicks.forEach((t, i) => {
      const y = bottom - (t - low) / (high - low) * (bottom - top);
      svg.append(draw('line', { class: 'gr', x1: left, x2: right, y1: y, y2: y }),
        draw('text', { class: 'tk', x: left - 6, y: y + 3.5, 'text-anchor': 'end' }, labels[i]));
    });
    for (const t of drawn.length > 0 ? ticks(xLow, xHigh, Math.max(2, Math.floor(width / 55)), false, true) : [])
      svg.append(draw('text', { class: 'tk', x: X(t), y: bottom + 15, 'text-anchor': X(t) > right - 14 ? 'end' : 'middle' }, short(t, 4)));
    svg.append(draw('line', { class: 'ax', x1: left, x2: right, y1: bottom, y2: bottom }),
      draw('text', { class: 'tk', x: right, y: height - 4, 'text-anchor': 'end' }, this.xLabel));
    // What is cut off here are single steps far away from the others.
    const area = draw('svg', { x: left, y: top - 2, width: right - left, height: bottom - top + 4, viewBox: `${left} ${top - 2} ${right - left} ${bottom - top + 4}` });
    svg.append(area);
    for (const s of drawn) {
      const band = s.low && s.high ? bandPath(s.x, s.low, s.high, X, Y, scale) : '';
      if (band) area.append(draw('path', { class: `area f${s.color}`, d: band }));
    }
    for (const s of drawn) {
      area.append(draw('path', { class: `ln s${s.color}${s.dashed ? ' dash' : ''}`, fill: 'none', d: linePath(s.x, s.y, X, Y) }));
      if (s.x.length <= 40 && !s.dashed && this.xLabel === 'epoch')
        s.x.forEach((x, i) => {
          const y = s.y[i];
          if (y !== null && y !== undefined) svg.append(draw('circle', { class: `f${s.color}`, cx: X(x), cy: Y(y), r: 2.2 }));
        });
    }
    if (this.at === null) return;
    svg.append(draw('line', { class: 'hair', x1: X(this.at), x2: X(this.at), y1: top, y2: bottom }));
    for (const s of drawn) {
      const i = nearest(s.x, this.at), y = s.y[i];
      if (y !== null && y !== undefined) svg.append(draw('circle', { class: `f${s.color}`, cx: X(s.x[i]), cy: Y(y), r: 3.4 }));
    }
  }

  /** @param {Series[]} drawn */
  paintLegend(drawn) {
    const at = this.at === null || drawn.length === 0 ? null : drawn[0].x[nearest(drawn[0].x, this.at)];
    const items = drawn.map(s => [s.label, this.valueText(s), `ln s${s.color}${s.dashed ? ' dash' : ''}`]);
    if (at !== null) items.push(['', `${this.xLabel} ${short(at, 6)}`, '']);
    while (this.legend.children.length > items.length) this.legend.lastChild.remove();
    items.forEach(([label, value, look], i) => {
      const item = this.legend.children[i]
        ?? this.legend.appendChild(el('li', {}, draw('svg', { height: 8, viewBox: '0 0 18 8', 'aria-hidden': 'true' }, draw('line', { x1: 0, x2: 18, y1: 4, y2: 4 })), el('span'), el('b')));
      item.children[0].style.display = look ? '' : 'none';
      item.children[0].firstChild.setAttribute('class', look);
      say(item.children[1], label);
      say(item.children[2], value);
    });
  }
}

/** The index of the nearest of rising numbers. @param {number[]} xs @param {number} x */
function nearest(xs, x) {
  let low = 0, high = xs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low > 0 && x - xs[low - 1] < xs[low] - x ? low - 1 : low;
}

/** @param {(number|null)[][]} lists @returns {[number, number]} */
function reach(lists) {
  let low = Infinity, high = -Infinity;
  for (const list of lists) {
    for (const v of list) {
      if (v === null || v === undefined) continue;
      if (v < low) low = v;
      if (v > high) high = v;
    }
  }
  return low <= high ? [low, high] : [0, 1];
}

/** Round numbers between two. @param {number} low @param {number} high @param {number} most @param {boolean} log @param {boolean} [whole] */
function ticks(low, high, most, log, whole = false) {
  if (!(high > low)) return [low];
  const raw = (high - low) / Math.max(1, most - 1), power = 10 ** Math.floor(Math.log10(raw));
  let step = power * ([1, 2, 5, 10].find(m => m * power >= raw * 0.999) ?? 10);
  if (whole || (log && high - low > 1.5)) step = Math.max(1, Math.round(step));
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) found.push(i * step);
  return found;
}

/** As many digits as tell ticks apart. @param {number} t @param {number[]} all */
function tickText(t, all) {
  const step = all.length > 1 ? all[1] - all[0] : Math.abs(t), size = Math.max(...all.map(Math.abs));
  if (size === 0) return '0';
  if (size < 1e-3 || size >= 1e4) return short(t, 3);
  return t.toFixed(Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9)))).replace('-', '−');
}

/** A line; of many points in a pixel the lowest and the highest. @param {number[]} xs @param {(number|null)[]} ys @param {(v: number) => number} X @param {(v: number) => number} Y */
function linePath(xs, ys, X, Y) {
  let path = '', pen = 'M', column = NaN, low = 0, high = 0, isOpen = false;
  const put = (/** @type {number} */ x, /** @type {number} */ y) => {
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = 'L';
  };
  const flush = () => {
    if (isOpen && high !== low) put(column, high);
    isOpen = false;
  };
  for (let i = 0; i < xs.length; i++) {
    const v = ys[i];
    if (v === null || v === undefined || !Number.isFinite(Y(v))) {
      flush();
      pen = 'M';
      continue;
    }
    const x = Math.round(X(xs[i]) * 2) / 2, y = Y(v);
    if (isOpen && x === column) {
      if (y < low) put(x, low = y);
      high = Math.max(high, y);
      continue;
    }
    flush();
    [column, low, high, isOpen] = [x, y, y, true];
    put(x, y);
  }
  flush();
  return path;
}

/** @param {number[]} xs @param {(number|null)[]} lows @param {(number|null)[]} highs @param {(v: number) => number} X @param {(v: number) => number} Y @param {(v: number) => number} scale */
function bandPath(xs, lows, highs, X, Y, scale) {
  const stride = Math.max(1, Math.floor(xs.length / 400)), up = [], down = [];
  for (let i = 0; i < xs.length; i += stride) {
    let low = Infinity, high = -Infinity;
    for (let j = i; j < Math.min(xs.length, i + stride); j++) {
      low = Math.min(low, lows[j] ?? Infinity);
      high = Math.max(high, highs[j] ?? -Infinity);
    }
    if (!(low <= high) || !Number.isFinite(scale(low)) || !Number.isFinite(scale(high))) continue;
    up.push(`${X(xs[i]).toFixed(1)} ${Y(high).toFixed(1)}`);
    down.push(`${X(xs[i]).toFixed(1)} ${Y(low).toFixed(1)}`);
  }
  return up.length > 1 ? `M${up.join('L')}L${down.reverse().join('L')}Z` : '';
}

// ---- Curves of all runs ----

/** @type {Map<string, Chart>} */
const charts = new Map();

/** @param {string} key @param {Element} into @param {string} title @param {string} x @param {any} options @param {Series[]} series */
function show(key, into, title, x, options, series) {
  let chart = charts.get(key);
  if (!chart) {
    charts.set(key, chart = new Chart(into, title, x, options));
    const steps = charts.get('loss');
    if (steps) steps.root.parentElement.append(steps.root);         // after the figures of epochs
  }
  chart.update(series);
}

function drawCurves() {
  const all = [...runs.values()], isOne = all.length === 1;
  by('curves').hidden = by('training').hidden = all.every(r => r.points.length === 0 && r.epochs.length === 0);
  const curves = by('curves').lastChild, training = by('training').lastChild;
  const of = (/** @type {Run} */ run, /** @type {string} */ words) => isOne ? words : words ? `${run.name} ${words}` : run.name;
  const perStep = (/** @type {number} */ column) => all.map(run => ({
    label: isOne ? 'now' : run.name, color: colorOf(run), x: run.points.map(p => p[0]), y: run.points.map(p => p[column]),
  })).filter(s => s.y.some(v => v !== null));
  const names = new Set(all.flatMap(r => r.epochs.length > 0
    ? Object.keys(r.epochs[r.epochs.length - 1].values).map(n => n.startsWith(Validation) ? n.slice(Validation.length) : n) : []));
  for (const name of names) {
    /** @type {Series[]} */
    const series = [];
    for (const run of all) {
      const x = run.epochs.map(e => e.epoch);
      for (const [full, label] of [[name, 'training'], [Validation + name, 'validation']]) {
        const y = run.epochs.map(e => e.values[full] ?? null);
        if (y.every(v => v === null)) continue;
        const color = isOne ? (label === 'validation' ? 1 : 0) : colorOf(run);
        series.push({ label: of(run, label), color, dashed: !isOne && label === 'training', x, y });
      }
    }
    show(`figure ${name}`, curves, words(name), 'epoch', { log: name.includes('loss') }, series);
  }
  show('loss', curves, 'Loss of the steps', 'step', { log: true }, all.map(run => ({
    label: isOne ? 'mean' : run.name, color: colorOf(run), x: run.points.map(p => p[0]), y: run.points.map(p => p[3]),
    low: run.points.map(p => p[4]), high: run.points.map(p => p[5]),
  })));
  show('rate', training, 'Learning rate', 'step', { text: short, zero: true }, perStep(6));
  show('norm', training, 'Norm of the gradients', 'step', { text: short, log: true }, perStep(7));
  show('speed', training, 'Examples a second', 'step', { text: short, zero: true }, perStep(8));
  show('memory', training, 'Memory of tensors in MiB', 'step', { zero: true, text: (/** @type {any} */ v) => short(v, 4) },
    perStep(9).map(s => ({ ...s, y: s.y.map(v => v === null ? null : v / 2 ** 20) })));
}

// ---- Layers, examples and settings of one run ----

/** @type {any} */
let drawnOf = null;

function drawChosen() {
  const all = [...runs.values()], select = by('chosen');
  by('choice').hidden = all.length < 2;
  const wanted = all.map(r => `${r.run} ${r.name}`).join('\n');
  if (select.dataset.runs !== wanted) {
    const before = select.value;
    select.replaceChildren(...all.map(r => el('option', { value: String(r.run) }, r.name)));
    if (all.some(r => String(r.run) === before)) select.value = before;
    select.dataset.runs = wanted;
  }
  const run = all.length === 1 ? all[0] : all.find(r => String(r.run) === select.value);
  if (!run) return;
  drawLayers(run);
  const parts = { cards: run.cards, settings: run.settings };
  if (drawnOf?.cards !== parts.cards) drawSamples(run.cards);
  if (drawnOf?.settings !== parts.settings) drawAbout(run);
  drawnOf = parts;
}

by('chosen').onchange = redraw;

/** @param {Card[]} all */
function drawSamples(all) {
  by('samples').hidden = all.length === 0;
  const pics = by('samples').lastChild;
  pics.classList.toggle('texts', all.every(c => !c.image));
  pics.replaceChildren(...all.map(card => {
    const mark = card.right === undefined ? '' : card.right ? 'pass' : 'fail';
    const made = el('div', {}, el('b', { className: mark }, `${mark === '' ? '' : mark === 'pass' ? '✓ ' : '✗ '}${card.text}`),
      (card.title ?? '').replaceAll('true ', 'true\u00a0').replaceAll(' %', '\u00a0%'));
    if (card.image) made.prepend(el('img', { src: card.image, alt: '' }));
    return made;
  }));
}

/** @param {Run} run */
function drawAbout(run) {
  by('about').hidden = false;
  by('about').querySelector('tbody').replaceChildren(...run.settings.map(([name, value]) => el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, value))));
  say(by('about').querySelector('pre'), run.model);
}

/** @type {Map<string, any>} */
const rows = new Map();

/** @param {Run} run */
function drawLayers(run) {
  by('layers').hidden = run.layers.size === 0;
  const keys = new Set([...run.layers.keys()].map(k => `${run.run} ${k}`));
  for (const [key, row] of rows) {
    if (keys.has(key)) continue;
    row.root.remove();
    rows.delete(key);
  }
  for (const [key, layer] of run.layers) {
    const id = `${run.run} ${key}`, into = by(layer.kind === 'gradient' ? 'gradients' : 'activations');
    let row = rows.get(id);
    if (!row) {
      row = { name: el('h4', {}, layer.name || 'the model'), text: el('p'), svg: draw('svg', { preserveAspectRatio: 'none', viewBox: '0 0 200 56', 'aria-hidden': 'true' }), drawn: null };
      row.root = el('div', {}, row.name, row.svg, row.text);
      rows.set(id, row);
      into.lastChild.append(row.root);
    }
    if (row.drawn === layer) continue;
    row.drawn = layer;
    drawLayer(row, layer);
  }
  for (const kind of ['gradients', 'activations']) by(kind).hidden = by(kind).lastChild.children.length === 0;
}

/** @param {any} row @param {Layer} layer */
function drawLayer(row, layer) {
  const color = layer.kind === 'gradient' ? 0 : 2, top = Math.max(...layer.counts, 1e-9), svg = row.svg;
  svg.replaceChildren();
  const width = 92 / layer.counts.length;
  layer.counts.forEach((count, i) => {
    const height = count / top * 50;
    if (height > 0) svg.append(draw('rect', { class: `f${color}`, x: i * width, y: 54 - height, width: width * 0.86, height }));
  });
  svg.append(draw('line', { class: 'ax', x1: 0, x2: 92, y1: 54.5, y2: 54.5, 'vector-effect': 'non-scaling-stroke' }));
  if (layer.low < 0 && layer.high > 0) {
    const x = -layer.low / (layer.high - layer.low) * 92;
    svg.append(draw('line', { class: 'gr', x1: x, x2: x, y1: 2, y2: 54, 'vector-effect': 'non-scaling-stroke' }));
  }
  const all = layer.quantiles, [low, high] = reach(all.map(q => q.slice(1))), first = all[0][0], last = all[all.length - 1][0];
  const X = (/** @type {number} */ s) => 108 + (last > first ? (s - first) / (last - first) : 1) * 92;
  const Y = (/** @type {number} */ v) => high > low ? 54 - (v - low) / (high - low) * 50 : 29;
  const band = (/** @type {number} */ a, /** @type {number} */ b) => `M${all.map(q => `${X(q[0])} ${Y(q[a])}`).join('L')}L${[...all].reverse().map(q => `${X(q[0])} ${Y(q[b])}`).join('L')}Z`;
  if (all.length > 1)
    svg.append(draw('path', { class: `area f${color}`, d: band(1, 5) }), draw('path', { class: `area mid f${color}`, d: band(2, 4) }),
      draw('path', { class: `ln s${color}`, fill: 'none', 'vector-effect': 'non-scaling-stroke', d: `M${all.map(q => `${X(q[0])} ${Y(q[3])}`).join('L')}` }));
  const parts = [`${short(layer.low, 2)} to ${short(layer.high, 2)}`];
  if (layer.zeros >= 0.005) parts.push(`${(layer.zeros * 100).toFixed(0)} % zero`);
  if (layer.notFinite > 0) parts.push(`${(layer.notFinite * 100).toFixed(0)} % not finite`);
  say(row.text, parts.join(', '));
}

connect();
