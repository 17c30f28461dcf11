'use strict';
// Strokes are kept as points, so that one can be undone and the size of the canvas does not matter.
const canvas = document.getElementById('canvas'), pen = canvas.getContext('2d', { willReadFrequently: true });
const undo = document.getElementById('undo'), clear = document.getElementById('clear');
const says = document.getElementById('says'), bars = document.getElementById('bars');
const seen = document.getElementById('seen').getContext('2d');
const SENT = 112;               // pixels a side that are sent: fine enough for the server to scale down well
const strokes = [];
let current = null, question = 0;

const rows = Array.from({ length: 10 }, (_, digit) => {
  const row = document.createElement('li');
  row.innerHTML = `<span>${digit}</span><span class="track"><span class="fill"></span></span><span class="share">–</span>`;
  bars.append(row);
  return row;
});

function color() { return getComputedStyle(document.documentElement).getPropertyValue('--ink').trim(); }

function paint(target, side, ink) {
  target.clearRect(0, 0, side, side);
  target.lineCap = target.lineJoin = 'round';
  target.strokeStyle = ink;
  target.lineWidth = side / 13;
  for (const stroke of strokes) {
    target.beginPath();
    target.moveTo(stroke[0].x * side, stroke[0].y * side);
    // A touch that does not move is a dot.
    for (const point of stroke.length > 1 ? stroke : [stroke[0], stroke[0]]) target.lineTo(point.x * side, point.y * side);
    target.stroke();
  }
}

function redraw() {
  paint(pen, canvas.width, color());
  undo.disabled = clear.disabled = strokes.length === 0;
}

function place(event) {
  const box = canvas.getBoundingClientRect();
  return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
}

canvas.addEventListener('pointerdown', event => {
  if (current || event.button > 0) return;
  canvas.setPointerCapture(event.pointerId);
  current = { id: event.pointerId, points: [place(event)] };
  strokes.push(current.points);
  redraw();
});
canvas.addEventListener('pointermove', event => {
  if (current?.id !== event.pointerId) return;
  for (const part of event.getCoalescedEvents?.() ?? [event]) current.points.push(place(part));
  redraw();
});
for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, event => {
  if (current?.id !== event.pointerId) return;
  current = null;
  ask();
});
undo.addEventListener('click', () => { strokes.pop(); redraw(); ask(); });
clear.addEventListener('click', () => { strokes.length = 0; redraw(); ask(); });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);

function pixels() {
  const small = new OffscreenCanvas(SENT, SENT).getContext('2d');
  paint(small, SENT, '#000');
  const data = small.getImageData(0, 0, SENT, SENT).data;
  return Array.from({ length: SENT * SENT }, (_, i) => Math.round(data[4 * i + 3] / 2.55) / 100);       // ink is what is not transparent
}

async function ask() {
  const number = ++question;
  if (strokes.length === 0) return show(null);
  try {
    const response = await fetch('predict', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ width: SENT, height: SENT, pixels: pixels() }) });
    const answer = await response.json();
    if (number !== question) return;            // a later stroke was faster
    if (!response.ok) throw new Error(answer.error);
    show(answer);
  } catch (error) {
    if (number === question) show(null, `No answer: ${error.message}`);
  }
}

function show(answer, problem) {
  says.replaceChildren();
  if (!answer) {
    const hint = document.createElement('span');
    hint.className = problem ? 'fail' : 'hint';
    hint.textContent = problem ?? 'Nothing is drawn yet.';
    says.append(hint);
  } else {
    const digit = document.createElement('b'), sure = document.createElement('span');
    digit.textContent = answer.digit;
    sure.textContent = `${(100 * answer.probabilities[answer.digit]).toFixed(1)} % sure`;
    says.append(digit, sure);
  }
  rows.forEach((row, digit) => {
    const share = answer ? answer.probabilities[digit] : 0;
    row.classList.toggle('best', answer?.digit === digit);
    row.querySelector('.fill').style.width = `${100 * share}%`;
    row.querySelector('.share').textContent = answer ? `${(100 * share).toFixed(1)} %` : '–';
  });
  const image = seen.createImageData(28, 28);
  for (let i = 0; i < 784; i++) {
    const value = answer ? 255 * answer.seen[i] : 0;
    image.data.set([value, value, value, 255], 4 * i);
  }
  seen.putImageData(image, 0, 0);
}
