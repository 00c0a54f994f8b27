import { quantity, share } from '../svg/numbers.js';
import { button, h } from './dom.js';
import { fit } from './surface.js';

// Where the whole went: the functions with the highest own cost, everything else in one slice.

const mostSlices = 12;

// Slices { func (-1: the others), value, from, to } of a column of own costs, in turns from 12 o'clock.
export function slicesOf(values) {
  const sizes = values.map(Math.abs);
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  const order = Array.from(sizes.keys()).filter((func) => sizes[func] > 0).sort((a, b) => sizes[b] - sizes[a] || a - b);
  let kept = order.filter((func) => sizes[func] * 100 >= whole).slice(0, mostSlices - 1);
  if (order.length === kept.length + 1)
    kept = order;
  let at = 0;
  const slices = kept.map((func) => ({ func, value: values[func], from: at, to: (at += sizes[func] / whole) }));
  if (kept.length < order.length)
    slices.push({ func: -1, count: order.length - kept.length, value: whole - kept.reduce((sum, func) => sum + sizes[func], 0), from: at, to: 1 });
  return slices;
}

export function makePie(app, act) {
  const canvas = h('canvas', { 'aria-hidden': true });
  const box = h('div', { class: 'plane' }, canvas);
  const list = h('ol', { class: 'slices' });
  const words = h('p', { class: 'remark' }, 'Angle: own cost, as a share of all. Small functions are one slice.');
  const element = h('div', { class: 'pie' }, h('div', { class: 'pair' }, box, h('div', { class: 'sheet', tabindex: 0, role: 'region', 'aria-label': 'Slices of the pie' }, list)), words);
  let slices = [];
  let pointed = null;
  let shape = null;

  function slotOf(slice) {
    return slice.func < 0 ? app.slots.rest : app.paintOf(slice.func, slice.value);
  }

  function draw() {
    const width = box.clientWidth;
    const height = box.clientHeight;
    if (!width || !element.isConnected)
      return;
    const context = fit(canvas, width, height);
    const radius = Math.max(Math.min(width, height) / 2 / 1.1 - 4, 10);
    shape = { x: width / 2, y: height / 2, radius };
    for (const slice of slices) {
      const angle = (turn) => (turn - 0.25) * 2 * Math.PI;
      const out = slice === slices[0] && slices.length > 1 ? 0.08 * radius : 0;
      const middle = angle((slice.from + slice.to) / 2);
      const [x, y] = [shape.x + out * Math.cos(middle), shape.y + out * Math.sin(middle)];
      context.beginPath();
      context.moveTo(x, y);
      context.arc(x, y, radius, angle(slice.from), angle(slice.to));
      context.closePath();
      context.globalAlpha = app.hits && (slice.func < 0 || !app.hits[slice.func]) ? 0.45 : 1;
      context.fillStyle = app.colours[slotOf(slice)];
      context.fill();
      context.globalAlpha = 1;
      const isMarked = slice === pointed || (slice.func >= 0 && slice.func === app.func);
      context.lineWidth = isMarked ? 2 : 1;
      context.strokeStyle = app.colours[slice === pointed ? app.slots.accent : isMarked ? app.slots.text : app.slots.background];
      context.stroke();
    }
  }

  function rowOf(slice) {
    const swatch = h('span', { 'class': 'swatch', 'aria-hidden': true });
    swatch.style.background = app.colours[slotOf(slice)];
    const name = slice.func < 0 ? h('span', {}, `${slice.count} other functions`) : button(app.model.functions.full[slice.func], () => act.choose(slice.func), { class: 'link' });
    const row = h('li', { class: slice.func >= 0 && slice.func === app.func ? 'chosen' : undefined }, swatch, name, h('span', { class: 'number' }, ` ${share(slice.value, app.whole())} · ${quantity(slice.value, app.metric())}`));
    row.addEventListener('pointerenter', () => point(slice));
    row.addEventListener('pointerleave', () => point(null));
    return row;
  }

  function point(slice) {
    pointed = slice;
    act.pointAt(slice && slice.func >= 0 ? slice.func : -1);
    draw();
  }

  function sliceUnder(event) {
    if (!shape)
      return null;
    const x = event.offsetX - shape.x;
    const y = event.offsetY - shape.y;
    const turn = (Math.atan2(y, x) / (2 * Math.PI) + 1.25) % 1;
    return Math.hypot(x, y) > shape.radius * 1.08 ? null : slices.find(({ from, to }) => turn >= from && turn < to) || null;
  }

  canvas.addEventListener('pointermove', (event) => {
    const slice = sliceUnder(event);
    if (slice !== pointed)
      point(slice);
  });
  canvas.addEventListener('pointerleave', () => point(null));
  canvas.addEventListener('click', (event) => {
    const slice = sliceUnder(event);
    if (slice && slice.func >= 0)
      act.choose(slice.func);
  });
  new ResizeObserver(draw).observe(box);
  return { id: 'pie', title: 'Pie', element, update: () => {
    slices = slicesOf(app.costs().self);
    list.replaceChildren(...slices.map(rowOf));
    draw();
  } };
}
