import { placeCells } from '../svg/map.js';
import { middle } from '../svg/paint.js';
import { makeView } from '../svg/shape.js';
import { h } from './dom.js';
import { makeMirror } from './mirror.js';
import { fit, hatchOf, textSize } from './surface.js';

// A treemap of what is zoomed to: areas are costs, cells lie in those of their callers.

const inset = 4;
const least = 16;

// The three steps of a hue tell the level.
function shade(slots, slot, level) {
  const isHue = slot >= slots.module && slot < slots.cost;
  return isHue ? slot - (slot - slots.module) % 3 + level % 3 : slot;
}

export function makeTreemap(app, act) {
  const canvas = h('canvas', { 'aria-hidden': true });
  const ring = h('div', { class: 'ring', hidden: true });
  const words = h('p', { class: 'remark' });
  const box = h('div', { class: 'plane' }, canvas, ring);
  const mirror = makeMirror({ label: 'Treemap', isUp: () => false, tree: () => app.tree, spoken: (item) => app.spoken(app.tree, item), move: point, enter: (item) => act.pick(item) });
  const element = h('div', { class: 'treemap' }, box, words, mirror.element);
  let cells = [];

  function gapped([x, y, wide, high]) {
    const across = wide < 4 ? wide / 8 : 0.5;
    const down = high < 4 ? high / 8 : 0.5;
    return [x + across, y + down, wide - 2 * across, high - 2 * down];
  }

  function isDim(cell) {
    return app.hits && (cell.item < 0 || !app.isHit(app.tree, cell.item));
  }

  function fill(context, cell) {
    const { tree } = app;
    const rect = gapped(cell.rect);
    const slot = cell.item < 0 ? app.slots.rest : app.paint(tree, cell.item);
    context.fillStyle = app.colours[app.slots.background];
    context.fillRect(...rect);
    context.globalAlpha = isDim(cell) ? 0.45 : 1;
    context.fillStyle = app.colours[shade(app.slots, slot, cell.level)];
    context.fillRect(...rect);
    context.globalAlpha = 1;
    if (cell.item >= 0 && cell.isLeaf && app.isHatched(tree, cell.item)) {
      context.fillStyle = hatchOf(context, app.colours, app.slots);
      context.fillRect(...rect);
    }
    const isChosen = cell.item >= 0 && app.isChosen(tree, cell.item);
    if (isChosen || (cell.item >= 0 && app.isHit(tree, cell.item))) {
      context.strokeStyle = app.colours[isChosen ? app.slots.text : app.slots.accent];
      context.strokeRect(rect[0] + 0.5, rect[1] + 0.5, Math.max(rect[2] - 1, 0.5), Math.max(rect[3] - 1, 0.5));
    }
  }

  function labelOf(cell, room, size) {
    return cell.item < 0 ? app.font.cut('…', size, room) : app.label(app.tree, cell.item, room, size);
  }

  function writeStrip(context, cell, [x, y, wide]) {
    const label = labelOf(cell, wide - 2 * inset + 2, textSize);
    context.fillText(label, x + inset, y + Math.floor(8 + middle(textSize)));
    const share = app.percent(cell.item < 0 ? cell.value : app.tree.value[cell.item]);
    const taken = app.font.width(label, textSize) + app.font.width(share, textSize) + 2 * inset + 12;
    if (label && taken <= wide)
      context.fillText(share, x + wide - inset - app.font.width(share, textSize), y + Math.floor(8 + middle(textSize)));
  }

  // The name as large as it gets, the share under it.
  function writeLeaf(context, cell, [x, y, wide, high]) {
    if (wide < 30 || high < textSize + 2)
      return;
    const whole = app.font.width(labelOf(cell, 1 << 20, textSize), textSize);
    const size = Math.max(Math.min(Math.floor((wide - 2 * inset - 2) * textSize / whole), Math.floor(high / 2), 20), textSize);
    const label = labelOf(cell, wide - 2 * inset + 2, size);
    const base = high < 24 ? y + Math.floor(high / 2 + middle(size)) : y + inset + size;
    const share = app.percent(cell.item < 0 ? cell.value : app.tree.value[cell.item]);
    if (!label)
      return;
    context.font = `${size}px ${app.fonts}`;
    context.fillText(label, x + inset, base);
    context.font = `${textSize}px ${app.fonts}`;
    if (base + 20 <= y + high && app.font.width(share, textSize) <= wide - 2 * inset)
      context.fillText(share, x + inset, base + 16);
  }

  function draw() {
    const width = box.clientWidth;
    const height = box.clientHeight;
    if (!app.tree || !width || !element.isConnected)
      return;
    const context = fit(canvas, width, height);
    cells = [];
    if (app.tree.width[app.zoom] > 0) {
      const view = makeView(app.tree, app.zoom, width * height, { least, sure: Infinity, thin: 0 });
      cells = placeCells(view, [0, 0, width, height]);
    }
    context.font = `${textSize}px ${app.fonts}`;
    context.lineWidth = 1;
    for (const cell of cells)
      fill(context, cell);
    context.fillStyle = app.colours[app.slots.text];
    for (const cell of cells) {
      const rect = gapped(cell.rect);
      if (cell.strip)
        writeStrip(context, cell, rect);
      else if (cell.isLeaf)
        writeLeaf(context, cell, rect);
    }
    words.textContent = 'Area: cost with everything that is called; cells lie in those of their callers, the bare ground of a cell is its own part. Narrow borders take some of it: the shares written are exact.';
  }

  function cellUnder(event) {
    const x = event.offsetX;
    const y = event.offsetY;
    let found = null;
    for (const cell of cells)
      if (x >= cell.rect[0] && x < cell.rect[0] + cell.rect[2] && y >= cell.rect[1] && y < cell.rect[1] + cell.rect[3])
        found = cell;
    return found;
  }

  function frame(cell) {
    ring.hidden = !cell;
    if (!cell)
      return;
    const [x, y, wide, high] = gapped(cell.rect);
    ring.style.transform = `translate(${x}px, ${y}px)`;
    ring.style.width = `${wide}px`;
    ring.style.height = `${high}px`;
  }

  function point(item) {
    frame(item < 0 ? null : cells.find((cell) => cell.item === item));
    act.point(item);
  }

  let pointed = null;
  canvas.addEventListener('pointermove', (event) => {
    const cell = cellUnder(event);
    if (cell === pointed)
      return;
    pointed = cell;
    frame(cell);
    const item = cell && cell.item >= 0 ? cell.item : -1;
    canvas.title = item < 0 ? '' : app.words(app.tree, item).join('\n');
    act.point(item);
  });
  canvas.addEventListener('pointerleave', () => {
    pointed = null;
    point(-1);
  });
  canvas.addEventListener('click', (event) => {
    const cell = cellUnder(event);
    if (cell)
      act.pick(cell.item < 0 ? cell.parent : cell.item);
  });
  new ResizeObserver(draw).observe(box);
  return { id: 'treemap', title: 'Treemap', element, update: (what) => {
    if (what === 'tree' || what === 'zoom')
      mirror.show(app.zoom);
    frame(null);
    draw();
  } };
}
