// A treemap's cells: as the program places them (render/squarify.c, render/treemap_cells.c).

import { leastElement, pad } from './cells.js';
import { crumbHeight, placeCrumbs } from './crumbs.js';
import { grouped, share } from './numbers.js';
import { make, margin, middle } from './paint.js';
import { outlineOf, rectPath, shapeFor } from './rows.js';
import { cutsText, makeView } from './shape.js';

const padding = 2;
const strip = 16;

// Rectangles [x, y, width, height] that fill a room by their sizes, after Bruls, Huizing and van Wijk.
export function squarify(sizes, [x, y, wide, high]) {
  const scale = wide * high / sizes.reduce((sum, size) => sum + size, 0);
  const made = [];
  for (let i = 0, taken; i < sizes.length; i += taken) {
    const isColumn = wide >= high;
    const edge = isColumn ? high : wide;
    const most = sizes[i] * scale;
    const worst = (all, least) => Math.max(edge * edge * most / (all * all), all * all / (edge * edge * least));
    let sum = most;
    for (taken = 1; i + taken < sizes.length; taken++) {
      const next = sizes[i + taken] * scale;
      if (worst(sum + next, next) > worst(sum, sizes[i + taken - 1] * scale))
        break;
      sum += next;
    }
    const depth = i + taken < sizes.length ? sum / edge : isColumn ? wide : high;
    let at = 0;
    for (let k = i; k < i + taken; k++) {
      const end = k + 1 === i + taken ? edge : at + sizes[k] * scale / depth;
      made.push(isColumn ? [x, y + at, depth, end - at] : [x + at, y, end - at, depth]);
      at = end;
    }
    if (isColumn) {
      x += depth;
      wide -= depth;
    } else {
      y += depth;
      high -= depth;
    }
  }
  return made;
}

// What is left for parts inside of a cell, under its name where that has room.
function openRoom(cell) {
  const [x, y, wide, high] = cell.rect;
  cell.strip = wide >= 36 && high >= strip + 12;
  const top = cell.strip ? strip : padding;
  const room = [x + padding, y + top, wide - 2 * padding, high - top - padding];
  if (room[2] >= 4 && room[3] >= 4)
    return room;
  cell.strip = false;
  return null;
}

// The cells of a view that have room, each with its rect; `own` is what a cell has beside its parts.
export function placeCells(view, rect) {
  const parts = new Map();
  for (const cell of view.cells) {
    cell.parts = [];
    if (cell.item >= 0)
      parts.set(cell.item, cell);
    if (cell.level > view.base)
      parts.get(cell.parent).parts.push(cell);
  }
  const top = parts.get(view.root);
  top.rect = rect;
  const placed = [top];
  for (const cell of placed) {
    const room = cell.parts.length && openRoom(cell);
    cell.isLeaf = !room;
    if (!room)
      continue;
    const own = { value: cell.value - cell.parts.reduce((sum, each) => sum + each.value, 0) };
    const all = [...cell.parts, own].filter((each) => each.value > 0).sort((a, b) => b.value - a.value);
    squarify(all.map((each) => each.value), room).forEach((made, i) => (all[i].rect = made));
    cell.own = own.rect;
    placed.push(...cell.parts);
  }
  view.hidden = view.cells.length - placed.length - view.base;
  return placed;
}

// Without the gap to its neighbours.
function boxOf({ rect: [x, y, wide, high] }) {
  const across = wide < 4 ? wide / 8 : 0.5;
  const down = high < 4 ? high / 8 : 0.5;
  return { x: x + across, y: y + down, width: wide - 2 * across, height: high - 2 * down };
}

function lineOf({ y, height }, size) {
  return height < 24 ? y + Math.floor(height / 2 + middle(size)) : y + Math.floor(pad + size);
}

export function makeMapLayout({ tree, data, font, totals, labelOf, signedShare, addTexts, writeText }) {
  let view = null;

  // A cell with nothing in it: its name as large as it gets, its share under it.
  function writeLeaf(group, cell, box) {
    if (box.width < 30 || box.height < data.size + 2)
      return;
    const whole = font.width(labelOf(cell, 1 << 20), data.size);
    const fits = Math.min(Math.floor((box.width - 2 * pad - 2) * data.size / whole), Math.floor(box.height / 2), 20);
    const size = Math.max(fits, data.size);
    const label = labelOf(cell, box.width - 2 * pad + 2, size);
    const words = signedShare(cell.item < 0 ? cell.value : totals[cell.item]);
    const y = lineOf(box, size);
    if (label)
      writeText(group, label, box.x + pad, y, size);
    if (label && y + 24 <= box.y + box.height && font.width(words, 12) <= box.width - 2 * pad)
      writeText(group, words, box.x + pad, y + 16, 12);
  }

  function write(group, cell) {
    const box = boxOf(cell);
    if (cell.level < view.base)
      addTexts(group, cell, box);
    else if (cell.strip)
      addTexts(group, cell, { ...box, height: strip });
    else if (cell.isLeaf)
      writeLeaf(group, cell, box);
    const own = cell.own;
    if (!own || own[2] < 48 || own[3] < 14)
      return null;
    const ground = make('g', {});
    writeText(ground, 'self', own[0] + pad, lineOf({ y: own[1], height: own[3] }, 12), 12);
    return ground;
  }

  function draw(item, width) {
    const room = width - 2 * margin;
    const height = Math.floor(room * 9 / 16 + 0.5);
    view = makeView(tree, item, room * height, shapeFor(data, room * height));
    const from = view.base ? crumbHeight : 0;
    view.cells = [...placeCrumbs(view, data.top, room), ...placeCells(view, [margin, data.top + from, room, height - from])];
    return { view, height };
  }

  return {
    draw,
    write,
    outline: (cell, inset) => outlineOf(boxOf(cell), inset),
    path: (cell) => rectPath(boxOf(cell)),
    isWide: ({ rect }) => Math.min(rect[2], rect[3]) >= leastElement,
    find: (x, y) => view.cells.filter(({ rect }) => x >= rect[0] && x < rect[0] + rect[2] && y >= rect[1] && y < rect[1] + rect[3]).pop(),
    cuts: () => cutsText(view, share, grouped, [' px²', 'value']),
  };
}
