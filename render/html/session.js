import { frameLabel } from '../svg/names.js';
import { grouped, quantity, share } from '../svg/numbers.js';
import { findInTree, foundText, makeTest } from '../svg/search.js';
import { pathOf } from '../svg/shape.js';
import { followPath } from '../svg/state.js';
import { arrange } from './arrange.js';
import { makeBase } from './decode.js';
import { invert } from './expand.js';
import { textSize } from './surface.js';

// What all views share: the tree that is looked at, what is chosen, found and zoomed, and how a frame is
// called, coloured and told.

export const usualState = { view: '', metric: '0', thread: '', order: 'name', inverted: '', root: '', colour: 'module', zoom: [], fn: '', search: '' };

// The columns of functions' colours.
export const ways = ['module', 'function', 'kind', 'warm', 'grey'];

function ramp(part, whole, steps) {
  return whole > 0 ? Math.min(Math.floor(Math.sqrt(Math.abs(part) / whole) * (steps - 1) + 0.5), steps - 1) : 0;
}

// Own cost and total of each function in a tree: recursion counts once.
export function costsOf(tree, count, [self, value] = [tree.self, tree.value]) {
  const costs = { self: new Float64Array(count), total: new Float64Array(count) };
  const open = new Int32Array(count);
  const next = tree.first.slice();
  for (let at = 0; at >= 0;) {
    if (next[at] < tree.last[at]) {
      const child = next[at]++;
      const name = tree.name[child];
      if (name >= 0) {
        costs.self[name] += self[child];
        costs.total[name] += open[name]++ ? 0 : value[child];
      }
      at = child;
    } else {
      if (tree.name[at] >= 0)
        open[tree.name[at]]--;
      at = tree.parent[at];
    }
  }
  return costs;
}

export function makeSession(model, page, slots) {
  const { functions } = model;
  const self = { model, page, slots, tree: null, hits: null, found: null, at: -1, zoom: 0, func: -1, state: { ...usualState }, error: '' };
  const labels = new Map();
  let plain = null;
  let spent = null;

  const metric = () => model.metrics[Number(self.state.metric)];
  const whole = () => metric().whole;
  const metricOf = (tree) => (tree && tree.isChart ? model.metrics[0] : metric());
  const wholeOf = (tree) => (tree && tree.isChart ? tree.width[0] : whole());

  // The tree of this metric and thread as it was measured, whatever is inverted.
  function forward() {
    const thread = model.threads.find(({ name }) => name === self.state.thread);
    const key = [self.state.metric, self.state.thread, self.state.order].join();
    if (!plain || plain.key !== key)
      plain = { key, tree: arrange(makeBase(model, Number(self.state.metric), thread ? thread.func : -1), self.state.order === 'weight') };
    return plain.tree;
  }

  // What one can choose from: [value, name].
  function metricRows() {
    return model.pairs.length ? model.pairs.map(({ change, name }) => [String(change), name]) : model.metrics.map(({ title }, i) => [String(i), title]);
  }

  // Fragments are written by anybody.
  function accept(state, usual) {
    const allowed = { metric: metricRows().map(([value]) => value), order: ['name', 'weight'], colour: ['cost', ...ways], root: ['top', 'bottom'], inverted: ['', '1'], thread: ['', ...model.threads.map(({ name }) => name)] };
    for (const key in allowed)
      if (!allowed[key].includes(state[key]))
        state[key] = usual[key];
    self.state = state;
    self.func = functions.full.indexOf(state.fn);
  }

  function nameOf(tree, item) {
    const name = tree.name[item];
    if (name < -1)
      return `${grouped(-1 - name)} more`;
    return name < 0 ? 'all' : functions.full[name];
  }

  function plant() {
    if (!model.nodes || !metric())
      return;
    self.tree = forward();
    if (self.state.inverted)
      self.tree = arrange(invert(self.tree, functions.count), self.state.order === 'weight');
    self.zoom = followPath(self.tree, (item) => nameOf(self.tree, item), self.state.zoom);
    if (self.tree.name[self.zoom] < -1)
      self.zoom = self.tree.parent[self.zoom];
    find();
  }

  // Which functions match, and where they are in the tree.
  function find() {
    self.hits = self.found = null;
    self.error = '';
    self.at = -1;
    if (!self.state.search)
      return;
    try {
      const test = makeTest(self.state.search);
      self.hits = Uint8Array.from(functions.full, (name) => (test(name) ? 1 : 0));
      self.found = self.tree && findInTree(self.tree, Array.from(self.hits), Boolean);
    } catch (error) {
      self.error = error.message;
    }
  }

  function foundWords() {
    if (self.error || !self.hits)
      return self.error;
    const count = self.hits.reduce((sum, hit) => sum + hit, 0);
    const names = `${grouped(count)} ${count === 1 ? 'function' : 'functions'}`;
    return self.found ? `${foundText(self.found, self.at, self.tree.width[0], share, 'in gathered frames')} · ${names}` : names;
  }

  // "12.3 % (1.42 s)"; of a chart of the time that it shows.
  function amount(value, tree) {
    const { signed, ...unit } = metricOf(tree);
    return `${signed && value > 0 ? '+' : ''}${share(value, wholeOf(tree))} (${quantity(value, unit)})`;
  }

  // "1.2 s → 1.8 s (+50 %)"
  function bothWords(before, change) {
    const of = before ? `${change > 0 ? '+' : ''}${share(change, before)}` : 'new';
    const { signed, ...unit } = metric();
    return signed && change === 0 ? `${quantity(before, unit)} (=)` : `${quantity(before, unit)} → ${quantity(before + change, unit)} (${before + change === 0 ? 'gone' : of})`;
  }

  function isGone(tree, item) {
    return Boolean(tree.before && tree.before[item] && tree.before[item] + tree.value[item] === 0);
  }

  function isChance(tree, item) {
    return Boolean(tree.chance && tree.chance[item] && tree.value[item]);
  }

  function callsWords(name) {
    const calls = functions.calls[name];
    if (name < 0 || calls < 0 || model.pairs.length)
      return '';
    return `called ${calls === 1 ? 'once' : `${grouped(calls)} times in all`}`;
  }

  // [name, numbers…] of an item.
  function words(tree, item) {
    const parts = [nameOf(tree, item)];
    if (tree.before)
      parts.push(bothWords(tree.before[item], tree.value[item]));
    parts.push(amount(tree.value[item], tree) + (tree.before ? ' of all of base' : ''));
    if (isChance(tree, item))
      parts.push('may be chance');
    if (tree === self.tree && self.zoom && tree.width[item] <= tree.width[self.zoom])
      parts.push(`${share(tree.width[item], tree.width[self.zoom])} of the zoomed`);
    if (tree.self[item] && tree.name[item] >= -1)
      parts.push(`self ${amount(tree.self[item])}`);
    if (callsWords(tree.name[item]))
      parts.push(callsWords(tree.name[item]));
    if (tree.guess && tree.guess[item])
      parts.push('estimated');
    return parts;
  }

  function spoken(tree, item) {
    const [, ...numbers] = words(tree, item);
    const name = tree.name[item] >= 0 ? functions.spoken[tree.name[item]] : nameOf(tree, item);
    return [name, ...numbers].join(', ');
  }

  function paintOf(name, own) {
    if (self.state.colour === 'cost')
      return slots.cost + ramp(own, whole(), slots.costs);
    return functions.paints[name * ways.length + Math.max(ways.indexOf(self.state.colour), 0)];
  }

  function difference(value, isSure) {
    const step = ramp(value, whole(), slots.diffs);
    return !isSure || Math.abs(value) <= whole() * 0.0002 ? slots.same : ((value < 0) !== Boolean(page.negated) ? slots.less : slots.more) + step;
  }

  function paint(tree, item) {
    if (tree.name[item] < 0)
      return tree.name[item] === -1 ? slots.grey + 2 : slots.rest;
    return metricOf(tree).signed && self.state.colour === 'module' ? difference(tree.value[item], !isChance(tree, item)) : paintOf(tree.name[item], tree.self[item]);
  }

  // What fits into so many px, with its width; found once for each.
  function fitting(tree, item, room, size) {
    const name = tree.name[item];
    const less = metric().signed && tree.value[item] < 0 ? '▼ ' : '';
    const key = `${less}${name} ${Math.floor(room / 2)} ${size}`;
    let found = labels.get(key);
    if (!found) {
      if (labels.size > 20000)
        labels.clear();
      const text = name < 0 ? self.font.cut(name === -1 ? 'all' : '…', size, room) : frameLabel(self.font, size, functions.parts[name], Math.floor(room / 2) * 2 - self.font.width(less, size));
      found = { text: text && less + text, width: self.font.width(less + text, size) };
      labels.set(key, found);
    }
    return found;
  }

  function label(tree, item, room, size = textSize) {
    return fitting(tree, item, room, size).text;
  }

  // "+3.2 %" of the whole, "new +3.2 %", "~ +0.1 %", "="
  function changeWords(tree, item) {
    const change = tree.value[item];
    const mark = tree.before[item] === 0 ? 'new ' : isGone(tree, item) ? 'gone ' : '';
    return change === 0 ? '=' : `${isChance(tree, item) ? '~ ' : ''}${mark}${change > 0 ? '+' : ''}${share(change, whole())}`;
  }

  function shareWords(tree, item) {
    if (tree.before && tree.name[item] >= -1)
      return changeWords(tree, item);
    const parent = tree.parent[item];
    const isAll = parent >= 0 && tree.width[item] >= tree.width[parent];
    return isAll || tree.name[item] < -1 ? '' : (metricOf(tree).signed && tree.value[item] > 0 ? '+' : '') + share(tree.value[item], wholeOf(tree));
  }

  function path() {
    return self.tree ? pathOf(self.tree, self.zoom).slice(1).map((item) => nameOf(self.tree, item)) : [];
  }

  // The next match; its item, or -1.
  function walk(step) {
    const items = self.found ? self.found.items : [];
    if (!items.length)
      return -1;
    self.at = (self.at + (self.at < 0 && step < 0 ? 0 : step) + items.length) % items.length;
    return items[self.at];
  }

  // By function: what all of it costs here; `before`: in base.
  function costs() {
    const pair = model.pairs.find(({ change }) => change === Number(self.state.metric));
    if (!model.isMeasured)
      return { before: pair && { self: functions.self[pair.base], total: functions.total[pair.base] },  self: functions.self[Number(self.state.metric)], total: functions.total[Number(self.state.metric)] };
    const tree = forward();
    if (!spent || spent.tree !== tree)
      spent = { tree, ...costsOf(tree, functions.count), before: pair && costsOf(tree, functions.count, [tree.beforeSelf, tree.before]) };
    return spent;
  }

  return Object.assign(self, {
    accept, metricRows, bothWords, metric, whole, forward, nameOf, plant, find, foundWords, amount, callsWords, words, spoken, paint, paintOf, fitting, label, shareWords, path, walk, costs,
    isHatched: (tree, item) => Boolean(tree.guess && tree.guess[item]) || (model.isMeasured && isGone(tree, item)),
    isHit: (tree, item) => Boolean(self.hits && tree.name[item] >= 0 && self.hits[tree.name[item]]),
    isChosen: (tree, item) => tree.name[item] >= 0 && tree.name[item] === self.func,
  });
}
