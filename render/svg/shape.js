// What stands where: a tree of frames, and the cells of one view of it.

// The columns p (parent), f (name: -1 the root, below that a remainder of -1 - f), w (width) come
// level by level, so that the children of a frame stand side by side.
export function makeTree(data) {
  const count = data.p.length;
  const first = new Int32Array(count);
  const last = new Int32Array(count);
  const level = new Int32Array(count);
  const start = new Float64Array(count);
  const next = new Float64Array(count);
  for (let i = 1; i < count; i++) {
    const parent = data.p[i];
    if (!last[parent])
      first[parent] = i;
    last[parent] = i + 1;
    level[i] = level[parent] + 1;
    start[i] = next[i] = data.x ? data.x[i] : next[parent];
    next[parent] += data.w[i];
  }
  return { count, first, last, level, start, parent: data.p, name: data.f, width: data.w };
}

export function isRest(tree, item) {
  return tree.name[item] < -1;
}

// The frames below and at an item, the root first.
export function pathOf(tree, item) {
  const path = [];
  for (let at = item; at >= 0; at = tree.parent[at])
    path.unshift(at);
  return path;
}

// One remainder of children that are too narrow, or too far up.
function gather(tree, view, item, tooDeep) {
  const rest = { item: -1, parent: item, start: 0, value: 0, count: 0, level: tree.level[item] + 1 };
  const kept = [];
  for (let child = tree.first[item]; child < tree.last[item]; child++) {
    const value = tree.width[child];
    if (isRest(tree, child)) {
      rest.value += value;
      rest.count += -1 - tree.name[child];
    } else if (value < view.least || tooDeep) {
      rest.value += value;
      rest.count += value > 0;
    } else {
      kept.push(child);
    }
  }
  return [rest, kept];
}

function addChildren(tree, view, cell, most) {
  const tooDeep = cell.level + 1 - view.base >= most;
  const [rest, kept] = gather(tree, view, cell.item, tooDeep);
  let start = cell.start;
  for (const item of kept) {
    view.cells.push({ item, parent: cell.item, start, value: tree.width[item], count: 0, level: cell.level + 1 });
    start += tree.width[item];
  }
  rest.start = start;
  if (tooDeep) {
    view.deep += rest.value;
  } else {
    view.gathered += rest.count;
    view.gatheredValue += rest.value;
  }
  if (rest.value >= view.least)
    view.cells.push(rest);
}

function fill(tree, view, root, most) {
  view.cells = [{ item: root, parent: tree.parent[root], start: 0, value: tree.width[root], count: 0, level: view.base }];
  view.deep = view.gathered = view.gatheredValue = 0;
  for (let i = 0; i < view.cells.length; i++)
    if (view.cells[i].item >= 0)
      addChildren(tree, view, view.cells[i], most);
  view.levels = view.cells[view.cells.length - 1].level - view.base + 1;
}

// Where levels above the sure ones are too thin to be worth their height.
function levelsWorth(tree, view, shape) {
  const widths = new Float64Array(view.levels);
  for (const cell of view.cells)
    widths[cell.level - view.base] += cell.value;
  let levels = shape.sure;
  while (levels < view.levels && widths[levels] >= shape.thin * view.whole)
    levels++;
  return levels + 1 < view.levels ? levels : Infinity;
}

// The cells of a view: `root` fills `room` px. shape: { least (px), sure, thin, most (levels; else 800) }. Cells are as the
// program's own boxes: { item (-1: a remainder), parent, start (from root), value, count, level }.
export function makeView(tree, root, room, shape) {
  const view = { root, base: tree.level[root], whole: tree.width[root], scale: room / tree.width[root] };
  view.least = Math.max(1, Math.ceil(shape.least / view.scale - 1e-9));
  fill(tree, view, root, shape.most || 800);
  const levels = view.levels > shape.sure ? levelsWorth(tree, view, shape) : Infinity;
  if (levels < Infinity)
    fill(tree, view, root, levels);
  view.top = view.base + view.levels;
  for (const item of pathOf(tree, root).slice(0, -1).reverse())
    view.cells.unshift({ item, parent: tree.parent[item], start: 0, value: view.whole, count: 0, level: tree.level[item] });
  return view;
}

// "544 branches under 0.5 px are gathered, 12.9 % of the width; …"; what is measured, and of what.
export function cutsText(view, share, grouped, [unit, size] = [' px', 'width']) {
  const one = view.gathered === 1;
  const px = String(Math.round(view.least * view.scale * 10) / 10);
  const sentences = [];
  if (view.gathered)
    sentences.push(`${grouped(view.gathered)} ${one ? 'branch' : 'branches'} under ${px}${unit} ${one ? 'is' : 'are'} gathered, ` +
      `${share(view.gatheredValue, view.whole)} of the ${size}`);
  if (view.deep)
    sentences.push(`stacks are cut at ${view.top - 1} levels, ${share(view.deep, view.whole)} of the ${size} goes on`);
  if (view.hidden)
    sentences.push(`${grouped(view.hidden)} more lie in cells that are too small to show them`);
  return sentences.join('; ');
}
