import { frameLabel, fullName, spokenName } from './names.js';
import { grouped, quantity, share } from './numbers.js';
import { make, middle, paint, place, set } from './paint.js';
import { findInTree, foundText, makeTest } from './search.js';
import { isRest, makeTree, pathOf } from './shape.js';
import { followPath, keepState, readState } from './state.js';

export const pad = 4;
export const leastElement = 4; // px: what is narrower gets no element
const mostKeys = 8;

export const cellsHelp = [['click, Enter', 'zoom in'], ['0, Home, Esc', 'reset the zoom'], ['arrow keys', 'caller, callee, siblings'],
  ['/, Ctrl+F, F3', 'search; F3 again: the next match'], ['Enter, Shift+Enter', '… next, previous match'], ['?', 'this list']];

// A picture of cells that is drawn anew whenever what is looked at changes. `makeLayout` says where they
// stand and what they look like (rows.js, map.js, chart.js, sunburst.js):
//   draw(item, width)      { view, height }: the cells of a zoomed item, and how high they are, in px
//   outline(cell, inset)   [name, attributes] of its element; path(cell) the same as a path's steps
//   isWide(cell)           whether it gets an element; else all of one colour are one path: twenty
//                          thousand elements would not move in a blink
//   write(group, cell)     its texts; returns what is to stand above what is in it
//   find(x, y)             the cell there
//   cuts()                 what is gathered, in words
// and where a view differs: describe(cell), its numbers; mark(item), what stands at its right end; keyOf(item), its name in the URL; behind(), what
// stands behind the cells; found { whole, words, tree }, what search looks in.
export function makeCellsView(root, data, font, makeLayout) {
  const tree = makeTree(data);
  const names = data.names.map(fullName);
  const layer = make('g', { class: 'view', role: 'tree', 'aria-label': data.title });
  const tip = make('title', {});
  const templates = new Map();
  const totals = data.t || data.w;
  const self = { page: null, zoom: 0, query: '', hits: null, at: -1 };
  let view = null;
  let rows = [];
  let width = data.width;
  let ring = make('path', { class: 'ring', visibility: 'hidden' });
  let focused = null;
  let pointed = null;

  // Of an item that stands for others, too: threads that there is no room for.
  function isGathered(cell) {
    return cell.item < 0 || isRest(tree, cell.item);
  }

  function nameOf(item) {
    if (data.f[item] < -1)
      return `${grouped(-1 - data.f[item])} more`;
    return data.f[item] < 0 ? 'all' : names[data.f[item]];
  }

  function amount(value) {
    const sign = data.signed && value > 0 ? '+' : '';
    return `${sign}${share(value, data.w[0])} (${quantity(value, data)})`;
  }

  function calls(item) {
    return data.n && data.f[item] >= 0 ? data.n[data.f[item]] : -1;
  }

  function zoomedShare(cell) {
    return self.zoom && cell.level > view.base ? [`${share(cell.value, view.whole)} of the zoomed`] : [];
  }

  // [name, numbers] of a cell.
  function describe(cell) {
    if (layout.describe)
      return [cell.item < 0 ? `${grouped(cell.count)} more` : nameOf(cell.item), ' · ' + layout.describe(cell)];
    if (cell.item < 0)
      return [`${grouped(cell.count)} more`, ` · ${amount(cell.value)}, too narrow to be drawn one by one`];
    const parts = [amount(totals[cell.item]), ...zoomedShare(cell)];
    if (data.s[cell.item])
      parts.push(`self ${amount(data.s[cell.item])}`);
    if (calls(cell.item) >= 0)
      parts.push(`called ${calls(cell.item) === 1 ? 'once' : grouped(calls(cell.item)) + ' times in all'}`);
    if (data.h && data.h[cell.item])
      parts.push('estimated');
    return [nameOf(cell.item), ' · ' + parts.join(' · ')];
  }

  // The same for ears: what is written in the cell comes first.
  function spoken(cell) {
    const [name, numbers] = describe(cell);
    return (cell.item < 0 || data.f[cell.item] < 0 ? name : spokenName(data.names[data.f[cell.item]])) + numbers;
  }

  function labelOf(cell, room, size = data.size) {
    if (isGathered(cell))
      return font.cut('…', size, room);
    if (cell.item === 0)
      return font.cut('all', size, room);
    const less = data.signed && totals[cell.item] < 0 ? '▼ ' : '';
    const label = frameLabel(font, size, data.names[data.f[cell.item]], room - font.width(less, size), data.placed);
    return label && less + label;
  }

  function signedShare(value) {
    return (data.signed && value > 0 ? '+' : '') + share(value, data.w[0]);
  }

  function writeText(group, words, x, y, size) {
    group.append(' ', make('text', { 'aria-hidden': true, x: place(x), y: place(y), 'font-size': size === 12 ? undefined : size }, words));
  }

  function shareOf(cell, box, label) {
    const isAll = cell.item >= 0 && tree.parent[cell.item] >= 0 && data.w[tree.parent[cell.item]] === data.w[cell.item];
    if (box.width < 100 || isGathered(cell) || isAll)
      return '';
    const words = layout.mark ? layout.mark(cell.item) : signedShare(totals[cell.item]);
    const taken = font.width(label, data.size) + font.width(words, data.size);
    return taken + 2 * pad + 16 > box.width ? '' : words;
  }

  function addTexts(group, cell, box) {
    const label = box.width < 30 ? '' : labelOf(cell, box.width - 2 * pad + 2);
    if (!label)
      return;
    const size = data.size === 12 ? undefined : data.size;
    const y = place(box.y + Math.floor(box.height / 2 + middle(data.size)));
    group.append(make('text', { 'aria-hidden': true, x: place(box.x + pad), y, 'font-size': size }, label));
    const words = shareOf(cell, box, label);
    if (words)
      group.append(' ', make('text', { 'aria-hidden': true, x: place(box.x + box.width - pad), y, 'font-size': size, 'text-anchor': 'end' }, words));
  }

  function isHit(cell) {
    return self.hits && cell.item >= 0 && self.hits.hits[cell.item];
  }

  function paintOf(cell) {
    return cell.item < 0 ? data.rest : data.c[cell.item];
  }

  function template(name, slot) {
    const key = name + slot;
    if (!templates.has(key)) {
      const colours = paint(data, slot);
      templates.set(key, make(name, { ...colours, class: `fill ${colours.class}` }));
    }
    return templates.get(key).cloneNode(false);
  }

  function makeShape(cell) {
    const isDotted = isGathered(cell);
    const [name, attributes, isLarge] = layout.outline(cell, isDotted);
    const shape = template(name, paintOf(cell));
    if (isDotted && isLarge) {
      const border = paint(data, paintOf(cell), data.border);
      shape.setAttribute('class', `fill ${border.class}`);
      shape.setAttribute('stroke', border.stroke);
      shape.setAttribute('stroke-dasharray', '2 2');
    }
    set(shape, attributes);
    if (isHit(cell))
      shape.classList.add('hit');
    return shape;
  }

  function makeCell(cell) {
    const group = make('g', { class: cell.level < view.base ? 'cell above' : 'cell', role: 'treeitem', tabindex: -1, 'aria-level': cell.level + 1, 'aria-label': spoken(cell) });
    group.append(makeShape(cell));
    if (data.h && data.h[cell.item]) {
      const [name, attributes] = layout.outline(cell);
      group.append(make(name, { ...attributes, rx: undefined, fill: 'url(#pv-hatch)' }));
    }
    cell.above = layout.write(group, cell);
    cell.element = group;
    return group;
  }

  // Narrow cells, as a path for each colour ("slot", or "slot hit" where they match).
  function addNarrow(paths, cell) {
    const key = `${paintOf(cell)}${isHit(cell) ? ' hit' : ''}`;
    paths.set(key, (paths.get(key) || '') + layout.path(cell));
  }

  function narrowPaths(paths) {
    return [...paths].map(([key, d]) => {
      const [slot, hit] = key.split(' ');
      const colours = paint(data, slot);
      return make('path', { ...colours, class: `fill ${colours.class}${hit ? ' hit' : ''}`, d });
    });
  }

  function drawCells() {
    const paths = new Map();
    const cells = [];
    rows = [];
    for (const cell of view.cells) {
      (rows[cell.level] = rows[cell.level] || []).push(cell);
      if (layout.isWide(cell))
        cells.push(makeCell(cell));
      else
        addNarrow(paths, cell);
      if (cell.above)
        cells.push(cell.above);
    }
    layer.setAttribute('class', self.hits && self.hits.items.length ? 'view sought' : 'view');
    layer.replaceChildren(tip, ...(layout.behind ? layout.behind() : []), ...cells, ...narrowPaths(paths), ring);
  }

  function setSize(height) {
    root.setAttribute('height', place(height));
    root.setAttribute('viewBox', `0 0 ${place(width)} ${place(height)}`);
    const back = root.querySelector('rect.bg');
    back.setAttribute('width', place(width));
    back.setAttribute('height', place(height));
    self.page.pin();
  }

  // The key of remainders is there where they are.
  function keysNow() {
    const others = data.keys.filter((key) => key[0] !== data.rest);
    if (others.length < mostKeys && view.cells.some(isGathered))
      others.push([data.rest, data.border, 1, 0, 'gathered']);
    return others;
  }

  function draw() {
    const made = layout.draw(self.zoom, width);
    view = made.view;
    focused = pointed = null;
    ring.setAttribute('visibility', 'hidden');
    drawCells();
    setSize(self.page.draw(width, made.height, layout.cuts(), keysNow()));
    self.page.allowReset(self.zoom > 0);
    setEntry(cellOf(self.zoom));
  }

  function cellOf(item) {
    return view.cells.find((cell) => cell.item === item);
  }

  // The one cell that the tabulator key leads to.
  function setEntry(cell) {
    const before = layer.querySelector('[tabindex="0"]');
    if (before)
      before.setAttribute('tabindex', -1);
    if (!cell.element)
      layer.insertBefore(makeCell(cell), ring);
    cell.element.setAttribute('tabindex', 0);
  }

  function focus(cell) {
    focused = cell;
    setEntry(cell);
    cell.element.focus({ preventScroll: false });
    show(cell);
  }

  function show(cell) {
    const words = cell ? describe(cell) : null;
    self.page.say(words);
    tip.textContent = words ? words.join('\n').replace('\n · ', '\n') : '';
    ring.setAttribute('visibility', cell ? 'visible' : 'hidden');
    if (!cell)
      return;
    const [name, attributes] = layout.outline(cell);
    ring.replaceWith(ring = make(name, { ...attributes, class: 'ring', visibility: 'visible' }));
  }

  function keep() {
    const path = pathOf(tree, self.zoom).slice(1).map(keyOf);
    keepState({ zoom: path, search: self.query });
  }

  function zoom(item, keepsFocus) {
    const hadFocus = keepsFocus && layer.contains(document.activeElement);
    self.zoom = item;
    draw();
    keep();
    if (hadFocus)
      focus(cellOf(item));
    else if (cellOf(item).element.scrollIntoView)
      cellOf(item).element.scrollIntoView({ block: 'nearest' });
  }

  function enter(cell) {
    const item = cell.item < 0 ? cell.parent : cell.item;
    if (item !== self.zoom)
      zoom(item, true);
  }

  function reset() {
    if (self.zoom)
      zoom(0, true);
  }

  function told(at) {
    return foundText(self.hits, at, found.whole, share, found.words);
  }

  function search(query) {
    self.query = query;
    self.at = -1;
    self.hits = null;
    let words = '';
    try {
      self.hits = query ? findInTree(found.tree, names, makeTest(query)) : null;
      words = self.hits ? told(-1) : '';
    } catch (error) {
      words = error.message;
    }
    draw();
    self.page.tell(words);
    keep();
  }

  // Shows the next match, zoomed to where it can be seen.
  function walk(step) {
    const items = self.hits ? self.hits.items : [];
    if (!items.length)
      return;
    self.at = (self.at + (self.at < 0 && step < 0 ? 0 : step) + items.length) % items.length;
    const item = items[self.at];
    if (!pathOf(tree, item).includes(self.zoom))
      zoom(0);
    if (!cellOf(item))
      zoom(tree.parent[item]);
    if (!cellOf(item))
      zoom(item);
    show(cellOf(item));
    setEntry(cellOf(item));
    cellOf(item).element.scrollIntoView({ block: 'nearest' });
    self.page.tell(told(self.at));
  }

  function cellAt(event) {
    const matrix = root.getScreenCTM();
    const x = (event.clientX - matrix.e) / matrix.a;
    const y = (event.clientY - matrix.f) / matrix.d;
    return layout.find(x, y);
  }

  function neighbour(cell, step) {
    const row = rows[cell.level];
    const next = row[row.indexOf(cell) + step];
    return next && next.parent === cell.parent ? next : null;
  }

  function heaviest(cell) {
    const children = (rows[cell.level + 1] || []).filter((each) => each.parent === cell.item && cell.item >= 0);
    const frames = children.filter((each) => each.item >= 0);
    return (frames.length ? frames : children).reduce((best, each) => (!best || each.value > best.value ? each : best), null);
  }

  const moves = {
    ArrowLeft: (cell) => neighbour(cell, -1),
    ArrowRight: (cell) => neighbour(cell, 1),
    [data.inverted ? 'ArrowUp' : 'ArrowDown']: (cell) => cell.parent >= 0 && cellOf(cell.parent),
    [data.inverted ? 'ArrowDown' : 'ArrowUp']: heaviest,
  };

  const layout = makeLayout({ self, tree, data, font, totals, nameOf, amount, zoomedShare, isGathered, labelOf, signedShare, addTexts, writeText, calls });
  const found = layout.found || { whole: data.w[0], words: 'in gathered frames', tree };
  const keyOf = layout.keyOf || nameOf;

  // Whether the key did something.
  function press(event) {
    const cell = focused || cellOf(self.zoom);
    if (moves[event.key])
      focus((focused && moves[event.key](cell)) || cell);
    else if ((event.key === 'Enter' || event.key === ' ') && focused)
      enter(cell);
    else
      return false;
    return true;
  }

  function resize() {
    const fits = data.fluid ? Math.max(320, Math.floor(root.getBoundingClientRect().width)) : data.width;
    if (fits === width && view)
      return;
    width = fits;
    draw();
  }

  function restore() {
    const state = readState(window.location.hash);
    self.zoom = followPath(tree, keyOf, state.zoom);
    if (isRest(tree, self.zoom))
      self.zoom = tree.parent[self.zoom];
    view = null;
    resize();
    if (state.search !== self.query) {
      self.page.showSearch(state.search);
      search(state.search);
    }
  }

  function start() {
    const still = root.querySelector('g.view');
    const hatch = root.querySelector('pattern');
    if (hatch)
      still.before(hatch);
    still.replaceWith(layer);
    if (data.fluid) {
      root.setAttribute('width', '100%');
      window.addEventListener('resize', resize);
    }
    layer.addEventListener('click', (event) => {
      const cell = cellAt(event);
      if (cell)
        enter(cell);
    });
    layer.addEventListener('focusin', (event) => {
      const cell = view.cells.find((each) => each.element === event.target);
      focused = cell || focused;
      show(focused);
    });
    layer.addEventListener('focusout', () => {
      focused = null;
      show(null);
    });
    root.addEventListener('pointermove', (event) => {
      const cell = layer.contains(event.target) ? cellAt(event) : null;
      if (cell !== pointed)
        show((pointed = cell) || focused);
    });
    root.addEventListener('pointerleave', () => {
      pointed = null;
      show(focused);
    });
    restore();
  }

  return Object.assign(self, { start, restore, reset, search, walk, press });
}
