import { placeCells } from './map.js';
import { frameLabel, fullName, spokenName } from './names.js';
import { grouped, quantity, share } from './numbers.js';
import { make, margin, middle, paint, place } from './paint.js';
import { findInTree, foundText, makeTest } from './search.js';
import { cutsText, isRest, makeTree, makeView, pathOf } from './shape.js';
import { followPath, keepState, readState } from './state.js';

const pad = 4;
const mostKeys = 8;

// Narrower cells of one colour are one path: twenty thousand elements would not move in a blink.
const leastElement = 4;

export const treeHelp = [['click, Enter', 'zoom in'], ['0, Home, Esc', 'reset the zoom'], ['arrow keys', 'caller, callee, siblings'],
  ['/, Ctrl+F, F3', 'search; F3 again: the next match'], ['Enter, Shift+Enter', '… next, previous match'], ['?', 'this list']];

// A flame graph or icicle that is drawn anew whenever what is looked at changes.
export function makeTreeView(root, data, font) {
  const tree = makeTree(data);
  const names = data.names.map(fullName);
  const layer = make('g', { class: 'view', role: 'tree', 'aria-label': data.title });
  const tip = make('title', {});
  const ring = make('rect', { class: 'ring', rx: 2, visibility: 'hidden' });
  const isMap = data.kind === 'map';
  const templates = new Map();
  const totals = data.t || data.w;
  const self = { page: null, zoom: 0, query: '', hits: null, at: -1 };
  let view = null;
  let home = null;
  let rows = [];
  let width = data.width;
  let body = 0;
  let focused = null;
  let pointed = null;

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

  // [name, numbers] of a cell.
  function describe(cell) {
    if (cell.item < 0)
      return [`${grouped(cell.count)} more`, ` · ${amount(cell.value)}, too narrow to be drawn one by one`];
    const parts = [amount(totals[cell.item])];
    if (self.zoom && cell.level > view.base)
      parts.push(`${share(cell.value, view.whole)} of the zoomed`);
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

  // A cell of a map, or a crumb of the way to it, without the gap to its neighbours.
  function boxInMap({ rect: [x, y, wide, high] }) {
    const across = wide < 4 ? wide / 8 : 0.5;
    const down = high < 4 ? high / 8 : 0.5;
    return { x: x + across, y: y + down, width: wide - 2 * across, height: high - 2 * down };
  }

  function boxOf(cell) {
    if (isMap)
      return boxInMap(cell);
    const left = margin + Math.floor(cell.start * view.scale * 100 + 0.5) / 100;
    const right = margin + Math.floor((cell.start + cell.value) * view.scale * 100 + 0.5) / 100;
    const row = data.inverted ? cell.level : body - 1 - cell.level;
    const gap = right - left < 4 ? (right - left) / 4 : 1;
    return { x: left, y: data.top + row * data.row, width: right - left - gap, height: data.row - 1 };
  }

  function labelOf(cell, room, size = data.size) {
    if (cell.item < 0)
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

  function write(group, words, x, y, size) {
    group.append(' ', make('text', { 'aria-hidden': true, x: place(x), y: place(y), 'font-size': size === 12 ? undefined : size }, words));
  }

  function lineOf({ y, height }, size) {
    return height < 24 ? y + Math.floor(height / 2 + middle(size)) : y + Math.floor(pad + size);
  }

  // A cell with nothing in it: its name as large as it gets, its share under it.
  function addLeafTexts(group, cell, box) {
    if (box.width < 30 || box.height < data.size + 2)
      return;
    const whole = font.width(labelOf(cell, 1 << 20), data.size);
    const fits = Math.min(Math.floor((box.width - 2 * pad - 2) * data.size / whole), Math.floor(box.height / 2), 20);
    const size = Math.max(fits, data.size);
    const label = labelOf(cell, box.width - 2 * pad + 2, size);
    const words = signedShare(cell.item < 0 ? cell.value : totals[cell.item]);
    const y = lineOf(box, size);
    if (label)
      write(group, label, box.x + pad, y, size);
    if (label && y + 24 <= box.y + box.height && font.width(words, 12) <= box.width - 2 * pad)
      write(group, words, box.x + pad, y + 16, 12);
  }

  function addMapTexts(group, cell, box) {
    if (cell.strip)
      addTexts(group, cell, { ...box, height: 16 });
    else if (cell.isLeaf)
      addLeafTexts(group, cell, box);
    const own = cell.own;
    cell.ground = own && own[2] >= 48 && own[3] >= 14 && make('g', {});
    if (cell.ground)
      write(cell.ground, 'self', own[0] + pad, lineOf({ y: own[1], height: own[3] }, 12), 12);
  }

  function shareOf(cell, box, label) {
    const isAll = cell.item >= 0 && tree.parent[cell.item] >= 0 && data.w[tree.parent[cell.item]] === data.w[cell.item];
    if (box.width < 100 || cell.item < 0 || isAll)
      return '';
    const words = signedShare(totals[cell.item]);
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

  function template(slot) {
    if (!templates.has(slot)) {
      const colours = paint(data, slot);
      templates.set(slot, make('rect', { ...colours, class: `fill ${colours.class}` }));
    }
    return templates.get(slot).cloneNode(false);
  }

  function makeRect(cell, box) {
    const rect = template(paintOf(cell));
    const isLarge = box.width >= 6 && box.height >= 6;
    const inset = cell.item < 0 && isLarge ? 0.5 : 0;
    if (inset) {
      const border = paint(data, paintOf(cell), data.border);
      rect.setAttribute('class', `fill ${border.class}`);
      rect.setAttribute('stroke', border.stroke);
      rect.setAttribute('stroke-dasharray', '2 2');
    }
    rect.setAttribute('x', place(box.x + inset));
    rect.setAttribute('y', place(box.y + inset));
    rect.setAttribute('width', place(box.width - 2 * inset));
    rect.setAttribute('height', place(box.height - 2 * inset));
    if (isLarge)
      rect.setAttribute('rx', 2);
    if (isHit(cell))
      rect.classList.add('hit');
    return rect;
  }

  function makeCell(cell) {
    const box = boxOf(cell);
    const group = make('g', { class: cell.level < view.base ? 'cell above' : 'cell', role: 'treeitem', tabindex: -1, 'aria-level': cell.level + 1, 'aria-label': spoken(cell) });
    group.append(makeRect(cell, box));
    if (data.h && data.h[cell.item])
      group.append(make('rect', { x: place(box.x), y: place(box.y), width: place(box.width), height: place(box.height), fill: 'url(#pv-hatch)' }));
    (isMap && cell.level >= view.base ? addMapTexts : addTexts)(group, cell, box);
    cell.element = group;
    return group;
  }

  // Narrow cells, as a path for each colour; those that match apart.
  function addNarrow(paths, cell) {
    const box = boxOf(cell);
    const key = `${paintOf(cell)}${isHit(cell) ? ' hit' : ''}`;
    const right = place(box.x + box.width);
    paths.set(key, `${paths.get(key) || ''}M${place(box.x)} ${place(box.y)}H${right}v${place(box.height)}H${place(box.x)}z`);
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
      const isWide = isMap ? Math.min(cell.rect[2], cell.rect[3]) >= leastElement : cell.value * view.scale >= leastElement;
      if (isWide)
        cells.push(makeCell(cell));
      else
        addNarrow(paths, cell);
      if (isWide && cell.ground)
        cells.push(cell.ground);
    }
    layer.setAttribute('class', self.hits && self.hits.items.length ? 'view sought' : 'view');
    layer.replaceChildren(tip, ...cells, ...narrowPaths(paths), ring);
  }

  function setSize(height) {
    root.setAttribute('height', place(height));
    root.setAttribute('viewBox', `0 0 ${place(width)} ${place(height)}`);
    const back = root.querySelector('rect.bg');
    back.setAttribute('width', place(width));
    back.setAttribute('height', place(height));
    self.page.pin();
  }

  function shapeOf(room) {
    return { least: Math.max(data.least, data.leastShare * room), sure: data.sure, thin: data.thin };
  }

  // The key of remainders is there where they are.
  function keysNow() {
    const others = data.keys.filter((key) => key[0] !== data.rest);
    if (others.length < mostKeys && view.cells.some((cell) => cell.item < 0))
      others.push([data.rest, data.border, 1, 0, 'gathered']);
    return others;
  }

  // Returns the height of the view.
  function drawMap(room) {
    const height = Math.floor(room * 9 / 16 + 0.5);
    view = makeView(tree, self.zoom, room * height, shapeOf(room * height));
    const crumb = view.base && Math.min(room / view.base, 240);
    const above = view.cells.slice(0, view.base);
    above.forEach((cell, i) => (cell.rect = [margin + i * crumb, data.top, crumb, 20]));
    const from = view.base ? 22 : 0;
    view.cells = [...above, ...placeCells(view, [margin, data.top + from, room, height - from])];
    return height;
  }

  // The same; the page never gets lower than it was.
  function drawRows(room) {
    if (!home || home.room !== room)
      home = { ...makeView(tree, 0, room, shapeOf(room)), room };
    view = self.zoom ? makeView(tree, self.zoom, room, shapeOf(room)) : home;
    body = Math.max(home.top, view.top);
    return body * data.row - 1;
  }

  function draw() {
    const room = width - 2 * margin;
    const height = (isMap ? drawMap : drawRows)(room);
    focused = pointed = null;
    ring.setAttribute('visibility', 'hidden');
    drawCells();
    setSize(self.page.draw(width, height, cutsText(view, share, grouped, isMap), keysNow()));
    self.page.allowReset(self.zoom > 0);
    setEntry(cellOf(self.zoom));
  }

  function cellOf(item) {
    return rows[tree.level[item]] && rows[tree.level[item]].find((cell) => cell.item === item);
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
    const box = cell && boxOf(cell);
    self.page.say(words);
    tip.textContent = words ? words.join('\n').replace('\n · ', '\n') : '';
    ring.setAttribute('visibility', cell ? 'visible' : 'hidden');
    for (const name in box)
      ring.setAttribute(name, place(box[name]));
  }

  function keep() {
    const path = pathOf(tree, self.zoom).slice(1).map(nameOf);
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

  function search(query) {
    self.query = query;
    self.at = -1;
    self.hits = null;
    let words = '';
    try {
      self.hits = query ? findInTree(tree, names, makeTest(query)) : null;
      words = self.hits ? foundText(self.hits, -1, data.w[0], share, 'in gathered frames') : '';
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
    self.page.tell(foundText(self.hits, self.at, data.w[0], share, 'in gathered frames'));
  }

  function cellAt(event) {
    const matrix = root.getScreenCTM();
    const x = (event.clientX - matrix.e) / matrix.a;
    const y = (event.clientY - matrix.f) / matrix.d;
    if (isMap)
      return view.cells.filter(({ rect }) => x >= rect[0] && x < rect[0] + rect[2] && y >= rect[1] && y < rect[1] + rect[3]).pop();
    const row = Math.floor((y - data.top) / data.row);
    const cells = rows[data.inverted ? row : body - 1 - row];
    return cells && x >= margin ? cells.find((cell) => {
      const left = margin + cell.start * view.scale;
      return x >= left && x < left + cell.value * view.scale;
    }) : undefined;
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
    self.zoom = followPath(tree, nameOf, state.zoom);
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
