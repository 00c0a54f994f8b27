// A treemap's cells: as the program places them (render/squarify.c, render/treemap_cells.c).

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
