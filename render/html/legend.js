import { h } from './dom.js';
import { ways } from './session.js';

// What the colours mean, below every view that has them.

const mostKeys = 8;
const apart = 'Colours only tell neighbours apart.';
const meanings = { module: 'Colour: module.', cost: 'Colour: own cost.', kind: 'Colour: kind of code.', function: apart, warm: apart, grey: '' };

// The modules with the highest own costs: [[name, slot]].
export function modulesOf(functions, self, slots) {
  const sums = new Map();
  functions.modules.forEach((name, func) => {
    const slot = functions.paints[func * ways.length];
    const isHue = slot >= slots.module && slot < slots.cost;
    const key = isHue ? name : '';
    const row = sums.get(key) || { name: isHue ? name : 'runtime, kernel, unknown', slot: isHue ? slot - (slot - slots.module) % 3 + 1 : slots.grey + 1, size: 0, isHue };
    row.size += Math.abs(self[func]);
    sums.set(key, row);
  });
  const rows = [...sums.values()].filter(({ size }) => size > 0).sort((a, b) => b.isHue - a.isHue || b.size - a.size || (a.name < b.name ? -1 : 1));
  const hues = rows.filter(({ isHue }) => isHue).slice(0, mostKeys);
  return [...hues, ...rows.filter(({ isHue }) => !isHue)].map(({ name, slot }) => [name, slot]);
}

function costKeys(slots) {
  return [[0, '0 % self'], [0.05, '5 %'], [0.2, '20 %'], [0.5, '50 %'], [1, '100 %']].map(([share, words]) => [words, slots.cost + Math.floor(Math.sqrt(share) * (slots.costs - 1) + 0.5)]);
}

export function makeLegend(app) {
  const element = h('p', { class: 'legend' });

  function keys() {
    const { slots, state } = app;
    if (state.colour === 'module' && app.metric().signed)
      return [['less (▼)', (app.page.negated ? slots.more : slots.less) + slots.diffs - 1], ['more', (app.page.negated ? slots.less : slots.more) + slots.diffs - 1], ['same, or may be chance (~)', slots.same]];
    if (state.colour === 'module')
      return modulesOf(app.model.functions, app.costs().self, slots);
    if (state.colour === 'kind')
      return app.page.kinds;
    return state.colour === 'cost' ? costKeys(slots) : [];
  }

  function key([words, slot]) {
    const swatch = h('span', { class: 'swatch' });
    swatch.style.background = app.colours[slot];
    return h('span', { class: 'key' }, swatch, words);
  }

  return { element, update() {
    const words = app.model.pairs.length ? 'Width: the larger side; colour and percentages: head less base, of all of base. ' + (app.model.isMeasured ? 'Hatched: gone.' : 'Hatched: estimated, with one guess for both sides.') : meanings[app.state.colour];
    element.replaceChildren(...keys().map(key), h('span', {}, words), app.model.isMeasured || app.model.pairs.length ? '' : h('span', {}, 'Hatched: estimated, since the profile has no whole stacks.'));
  } };
}
