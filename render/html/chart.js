import { chooseTicks } from '../svg/chart.js';
import { middle } from '../svg/paint.js';
import { h } from './dom.js';
import { makeFlame } from './flame.js';
import { rowHeight } from './surface.js';

// Calls where they were in time, a tower for each thread.

const axisSize = 11;
const axisRoom = 20;

// The program's boxes as a tree whose items stand row by row from left to right. Threads and processes
// (lanes) stand in rows of their own, so that they are children that are not side by side.
export function makeTimes(data) {
  const count = data.parent.length;
  const order = Int32Array.from({ length: count }, (_, i) => i).sort((a, b) => data.level[a] - data.level[b] || data.start[a] - data.start[b] || a - b);
  const place = new Int32Array(count);
  order.forEach((from, to) => (place[from] = to));
  const column = (values, Type) => Type.from(order, (from) => values[from]);
  const tree = {
    count,
    parent: Int32Array.from(order, (from) => (data.parent[from] < 0 ? -1 : place[data.parent[from]])),
    name: column(data.function, Int32Array),
    level: column(data.level, Int32Array),
    start: column(data.start, Float64Array),
    width: column(data.width, Float64Array),
    value: column(data.value, Float64Array),
    self: new Float64Array(count),
    first: new Int32Array(count),
    last: new Int32Array(count),
    guess: null,
    isChart: true,
    lanes: new Map(),
    rows: [],
  };
  const isLane = new Uint8Array(count);
  for (const lane of data.lanes) {
    const item = place[lane];
    isLane[item] = 1;
    tree.lanes.set(tree.parent[item], [...tree.lanes.get(tree.parent[item]) || [], item]);
  }
  for (let i = 0; i < count; i++) {
    while (tree.rows.length <= tree.level[i])
      tree.rows.push(i);
    if (i > 0 && !isLane[i]) {
      tree.first[tree.parent[i]] = tree.first[tree.parent[i]] || i;
      tree.last[tree.parent[i]] = i + 1;
    }
  }
  tree.levels = tree.rows.length;
  tree.rows.push(count);
  return tree;
}

function makeTimeAxis(app) {
  const metric = app.model.metrics[0];
  const widthOf = (label) => app.font.width(label, axisSize);
  let ticks = [];
  return {
    lines(context, { from, to, width, height }) {
      ticks = chooseTicks(from, to, (value) => (value - from) * width / (to - from), metric, widthOf);
      context.fillStyle = app.colours[app.slots.hairline];
      for (const { at } of ticks)
        context.fillRect(Math.floor(at), 0, 1, height);
    },
    labels(context, { width, height }) {
      context.fillStyle = app.colours[app.slots.background];
      context.fillRect(0, height - axisRoom, width, axisRoom);
      context.fillStyle = app.colours[app.slots.quiet];
      context.font = `${axisSize}px ${app.fonts}`;
      for (const { at, label } of ticks) {
        const wide = widthOf(label);
        context.fillText(label, Math.min(Math.max(at - wide / 2, 0), width - wide), height - axisRoom / 2 + middle(axisSize));
      }
    },
  };
}

export function makeChart(app, act, data) {
  const tree = makeTimes(data);
  const flame = makeFlame(app, 'Time', { point: (item) => act.pointIn(tree, item), pick });
  const words = h('p', { class: 'remark' }, `Left to right: as it was; gaps are idle.${data.cuts ? ` ${data.cuts}.` : ''}`);
  const element = h('div', { class: 'chart' }, flame.element, words);
  flame.axis = makeTimeAxis(app);
  flame.foot = axisRoom + rowHeight - axisRoom % rowHeight;

  function pick(item) {
    const target = tree.name[item] < -1 ? tree.parent[item] : item;
    flame.zoomTo(target);
    if (tree.name[target] >= 0)
      act.choose(tree.name[target]);
    act.pointIn(tree, target);
  }

  return { id: 'chart', title: 'Time', element, reset: () => flame.zoomTo(0), update: () => {
    if (!flame.tree)
      flame.setTree(tree);
    flame.redraw();
  } };
}
