// Cells in rows of one height: flame graph, icicle, flame chart.

import { leastElement } from './cells.js';
import { margin, place } from './paint.js';
import { cutsText, makeView } from './shape.js';
import { grouped, share } from './numbers.js';

// What layouts of rows share; `now` gives { view, body: the number of rows }.
export function makeRows({ data, addTexts }, now) {
  function boxOf(cell) {
    const { view, body } = now();
    const left = margin + Math.floor(cell.start * view.scale * 100 + 0.5) / 100;
    const right = margin + Math.floor((cell.start + cell.value) * view.scale * 100 + 0.5) / 100;
    const row = data.inverted ? cell.level : body - 1 - cell.level;
    const gap = right - left < 4 ? (right - left) / 4 : 1;
    return { x: left, y: data.top + row * data.row, width: right - left - gap, height: data.row - 1 };
  }

  function find(x, y) {
    const { view, body } = now();
    const row = Math.floor((y - data.top) / data.row);
    const level = data.inverted ? row : body - 1 - row;
    return x < margin ? undefined : view.cells.find((cell) => {
      const left = margin + cell.start * view.scale;
      return cell.level === level && x >= left && x < left + cell.value * view.scale;
    });
  }

  return {
    find,
    outline: (cell, inset) => outlineOf(boxOf(cell), inset),
    path: (cell) => rectPath(boxOf(cell)),
    isWide: (cell) => cell.value * now().view.scale >= leastElement,
    write: (group, cell) => addTexts(group, cell, boxOf(cell)),
  };
}

// ['rect', its attributes, whether it is large enough for corners and a border].
export function outlineOf({ x, y, width, height }, inset) {
  const isLarge = width >= 6 && height >= 6;
  const by = inset && isLarge ? 0.5 : 0;
  return ['rect', { x: place(x + by), y: place(y + by), width: place(width - 2 * by), height: place(height - 2 * by), rx: isLarge ? 2 : undefined }, isLarge];
}

export function rectPath({ x, y, width, height }) {
  return `M${place(x)} ${place(y)}H${place(x + width)}v${place(height)}H${place(x)}z`;
}

export function shapeFor(data, room) {
  return { least: Math.max(data.least, data.leastShare * room), sure: data.sure, thin: data.thin };
}

export function makeFlameLayout(shared) {
  const { tree, data } = shared;
  let view = null;
  let home = null;
  let body = 0;

  // The page never gets lower than it was.
  function draw(item, width) {
    const room = width - 2 * margin;
    if (!home || home.room !== room)
      home = { ...makeView(tree, 0, room, shapeFor(data, room)), room };
    view = item ? makeView(tree, item, room, shapeFor(data, room)) : home;
    body = Math.max(home.top, view.top);
    return { view, height: body * data.row - 1 };
  }

  return { ...makeRows(shared, () => ({ view, body })), draw, cuts: () => cutsText(view, share, grouped, [' px', 'width']) };
}
