// A flame chart: calls where they were in time, a tower for each lane (process, thread).

import { grouped, quantity, share, tick } from './numbers.js';
import { make, margin, middle, paint, place, slotOf } from './paint.js';
import { makeRows, shapeFor } from './rows.js';
import { isRest } from './shape.js';

export const axisHeight = 24;

// Which items are lanes, in which lane each item stands, and how far below its name.
export function makeLanes(tree, lanes) {
  const made = { all: [0, ...lanes], isLane: new Uint8Array(tree.count), lane: new Int32Array(tree.count), depth: new Int32Array(tree.count) };
  for (const item of made.all)
    made.isLane[item] = 1;
  for (let i = 1; i < tree.count; i++) {
    made.lane[i] = made.isLane[i] ? i : made.lane[tree.parent[i]];
    made.depth[i] = made.isLane[i] ? 0 : made.depth[tree.parent[i]] + 1;
  }
  return made;
}

// Lanes of the view below each other, as high as what is in them; lanes with nothing in it are left out.
function stack(view, lanes) {
  const deepest = new Map();
  const top = new Map();
  for (const cell of view.cells)
    deepest.set(cell.lane, Math.max(deepest.get(cell.lane) || 0, cell.depth));
  for (const lane of lanes.all)
    if (deepest.has(lane)) {
      top.set(lane, view.top);
      view.top += deepest.get(lane) + 1;
    }
  for (const cell of view.cells)
    cell.level = top.get(cell.lane) + cell.depth;
}

// Items that are too narrow, as long as they stand close to each other.
function makeRun(view) {
  let run = null;
  function end() {
    if (run && run.until - run.start >= view.least)
      view.cells.push({ ...run, item: -1, value: run.until - run.start });
    run = null;
  }
  function add(cell, until, count, total) {
    if (run && (run.parent !== cell.parent || cell.start - run.until >= view.least))
      end();
    run = run || { ...cell, count: 0, total: 0 };
    run.until = until;
    run.count += count;
    run.total += total;
    view.gathered += count;
    view.gatheredValue += total;
  }
  return { add, end };
}

// The cells of the time of `root`: as the program's own boxes, { item (-1: a remainder), parent, start
// (from root), value, total, count, level }.
export function makeChartView(tree, lanes, totals, root, room, shape) {
  const from = tree.start[root];
  const whole = tree.width[root];
  const view = { root, base: 0, from, whole, scale: room / whole, cells: [], top: 0, gathered: 0, gatheredValue: 0, busy: 0 };
  const shown = new Uint8Array(tree.count);
  const run = makeRun(view);
  view.least = Math.max(1, Math.ceil(shape.least / view.scale - 1e-9));
  for (let item = 0; item < tree.count; item++) {
    const parent = tree.parent[item];
    const start = Math.max(tree.start[item] - from, 0);
    const end = Math.min(tree.start[item] + tree.width[item] - from, whole);
    if ((parent >= 0 && !shown[parent]) || start > end || (start === end && tree.width[item]))
      continue;
    const cell = { item, parent, start, value: end - start, total: totals[item], count: 0, lane: lanes.lane[item], depth: lanes.depth[item] };
    const gathers = isRest(tree, item);
    if (cell.depth === 1)
      view.busy += gathers ? cell.total : cell.value;
    if (!lanes.isLane[item] && (gathers || cell.value < view.least)) {
      run.add(cell, end, gathers ? -1 - tree.name[item] : 1, gathers ? cell.total : cell.value);
      continue;
    }
    run.end();
    shown[item] = 1;
    view.cells.push(cell);
  }
  run.end();
  stack(view, lanes);
  return view;
}

// "412 calls under 0.5 px are gathered, 3 % of the time in calls"; `more`: what else the program left out.
export function chartCuts(view, share, grouped, more) {
  const one = view.gathered === 1;
  const px = String(Math.round(view.least * view.scale * 10) / 10);
  const gathered = view.gathered && `${grouped(view.gathered)} ${one ? 'call' : 'calls'} under ${px} px ${one ? 'is' : 'are'} gathered, ` +
    `${share(view.gatheredValue, view.busy)} of the time in calls`;
  return [gathered, more].filter(Boolean).join('; ');
}

function nextStep(step, isBytes) {
  const power = 10 ** Math.floor(Math.log10(step) + 1e-9);
  if (isBytes)
    return step * 2;
  return step === power ? power * 2 : step === power * 2 ? power * 5 : power * 10;
}

function ticksOf(step, from, to, px, data) {
  const made = [];
  const first = Math.ceil(from / step) * step;
  for (let value = first; value <= to && made.length <= 32; value += step)
    made.push({ at: px(value), label: tick(value, step, Math.max(Math.abs(from), Math.abs(to)), data) });
  return made;
}

// Round times between from and to, as near to each other as their labels can be (render/axis.c).
export function chooseTicks(from, to, px, data, widthOf) {
  let step = 1;
  let ticks = ticksOf(step, from, to, px, data);
  const isTight = () => ticks.length > 32 ||
    (ticks.length > 1 && ticks[1].at - ticks[0].at < Math.max(...ticks.map((each) => widthOf(each.label)).map((wide) => wide + 20), 72));
  while (isTight()) {
    step = nextStep(step, data.unit === 'bytes' && step >= data.scale);
    ticks = ticksOf(step, from, to, px, data);
  }
  return ticks;
}

// Lines at round times, to stand behind the cells, and their labels below.
export function makeAxis(view, { left, right, top, bottom }, data, font) {
  const grey = paint(data, slotOf(data, 'u'));
  const widthOf = (label) => font.width(label, 11);
  const ticks = chooseTicks(view.from, view.from + view.whole, (value) => left + (value - view.from) * view.scale, data, widthOf);
  return ticks.flatMap(({ at, label }) => {
    const half = widthOf(label) / 2;
    const x = Math.max(Math.min(at, right + 12 - half), left - 12 + half);
    const y = Math.floor(bottom + axisHeight / 2 + middle(11));
    return [make('path', { ...paint(data, undefined, slotOf(data, 'hl')), d: `M${Math.floor(at) + 0.5} ${place(top)}V${place(bottom + 4)}` }),
      make('text', { ...grey, 'aria-hidden': true, x: place(x), y, 'font-size': 11, 'text-anchor': 'middle' }, label)];
  });
}

export function makeChartLayout(shared) {
  const { self, tree, data, font, totals, nameOf, amount, zoomedShare, isGathered } = shared;
  const lanes = makeLanes(tree, data.lanes);
  let view = null;
  let width = 0;

  function draw(item, wide) {
    const room = wide - 2 * margin;
    width = wide;
    view = makeChartView(tree, lanes, totals, item, room, shapeFor(data, room));
    return { view, height: view.top * data.row - 1 + axisHeight };
  }

  // What a cell says of itself, behind its name.
  function describe(cell) {
    const isLane = cell.item > 0 && lanes.isLane[cell.item];
    if (isLane)
      return `${amount(cell.total)} in ${isGathered(cell) ? 'threads that there is no room for' : 'calls'}`;
    const parts = [amount(cell.total), ...(self.zoom && cell.item ? zoomedShare(cell) : [])];
    if (data.s[cell.item])
      parts.push(`self ${amount(data.s[cell.item])}`);
    if (cell.item < 0)
      parts.push('too narrow to be drawn one by one');
    if (cell.item)
      parts.push(`at ${quantity(cell.item < 0 ? cell.start + view.from : data.x[cell.item], data)}`);
    return parts.join(' · ');
  }

  return {
    ...makeRows(shared, () => ({ view, body: view.top })),
    draw,
    describe,
    behind: () => makeAxis(view, { left: margin, right: width - margin, top: data.top, bottom: data.top + view.top * data.row - 1 }, data, font),
    cuts: () => chartCuts(view, share, grouped, data.more),
    // Calls of one name are told apart by their times.
    keyOf: (item) => (lanes.isLane[item] ? nameOf(item) : `${nameOf(item)} @${data.x[item]}`),
    found: { whole: data.busy, words: 'in gathered calls', tree: { ...tree, width: totals } },
  };
}
