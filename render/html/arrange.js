// What stands where: a tree level by level, siblings side by side in the order that is wanted.

function childrenOf(base) {
  const first = new Int32Array(base.count + 1);
  for (let i = 1; i < base.count; i++)
    first[base.parent[i] + 1]++;
  for (let i = 0; i < base.count; i++)
    first[i + 1] += first[i];
  const next = first.slice();
  const list = new Int32Array(Math.max(base.count - 1, 0));
  for (let i = 1; i < base.count; i++)
    list[next[base.parent[i]]++] = i;
  return { first, list };
}

// Remainders stand last, whatever they weigh.
function byWeight(base) {
  return (a, b) => (base.name[a] < -1) - (base.name[b] < -1) || base.width[b] - base.width[a] || a - b;
}

// The order of all nodes, and for each place that of its parent.
function walkLevels(base, isHeavy) {
  const { first, list } = childrenOf(base);
  const order = new Int32Array(base.count);
  const tree = { count: base.count, order, parent: new Int32Array(base.count), first: new Int32Array(base.count), last: new Int32Array(base.count) };
  const before = byWeight(base);
  let count = 1;
  tree.parent[0] = -1;
  for (let i = 0; i < count; i++) {
    const from = first[order[i]];
    const to = first[order[i] + 1];
    const children = list.subarray(from, to);
    if (isHeavy && to - from > 1)
      children.sort(before);
    tree.first[i] = count;
    for (const child of children) {
      tree.parent[count] = i;
      order[count++] = child;
    }
    tree.last[i] = count;
  }
  return tree;
}

function picked(order, column, Type) {
  return column && Type.from(order, (from) => column[from]);
}

// rows[level] is where a level begins. start and width are in the metric's values.
export function arrange(base, isHeavy) {
  const tree = walkLevels(base, isHeavy);
  tree.name = picked(tree.order, base.name, Int32Array);
  tree.self = picked(tree.order, base.self, Float64Array);
  tree.value = picked(tree.order, base.value, Float64Array);
  tree.width = picked(tree.order, base.width, Float64Array);
  tree.own = picked(tree.order, base.own, Float64Array);
  tree.before = picked(tree.order, base.before, Float64Array);
  tree.beforeSelf = picked(tree.order, base.beforeSelf, Float64Array);
  tree.guess = picked(tree.order, base.guess, Uint8Array);
  tree.chance = picked(tree.order, base.chance, Uint8Array);
  tree.level = new Int32Array(tree.count);
  tree.start = new Float64Array(tree.count);
  tree.rows = [0];
  for (let i = 0; i < tree.count; i++) {
    if (i > 0)
      tree.level[i] = tree.level[tree.parent[i]] + 1;
    if (tree.level[i] >= tree.rows.length)
      tree.rows.push(i);
    let at = tree.start[i];
    for (let child = tree.first[i]; child < tree.last[i]; child++) {
      tree.start[child] = at;
      at += tree.width[child];
    }
  }
  tree.levels = tree.rows.length;
  tree.rows.push(tree.count);
  return tree;
}

// The first item of a level that ends behind `from`.
export function firstBehind(tree, level, from) {
  let low = tree.rows[level];
  let high = tree.rows[level + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tree.start[middle] + tree.width[middle] > from)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

// Calls draw(item, start, width, count) for what is seen of a level between from and to: items of at
// least `least`, and runs of `count` narrower ones (item -1) side by side.
export function eachSeen(tree, level, from, to, least, draw) {
  const end = tree.rows[level + 1];
  let i = firstBehind(tree, level, from);
  while (i < end && tree.start[i] < to) {
    if (tree.width[i] >= least) {
      draw(i, tree.start[i], tree.width[i], 1);
      i++;
      continue;
    }
    const begin = tree.start[i];
    let stop = begin;
    let count = 0;
    for (; i < end && tree.width[i] < least && tree.start[i] - stop <= least; i++) {
      stop = tree.start[i] + tree.width[i];
      count += tree.width[i] > 0 ? 1 : 0;
    }
    if (stop > begin)
      draw(-1, begin, stop - begin, count);
  }
}

// The item of a level at a place, or -1.
export function itemAt(tree, level, place) {
  if (level < 0 || level >= tree.levels)
    return -1;
  const item = firstBehind(tree, level, place);
  return item < tree.rows[level + 1] && tree.start[item] <= place ? item : -1;
}

// Children stand side by side, but for the lanes of a chart.
function rangeOf(tree, item) {
  return Array.from({ length: tree.last[item] - tree.first[item] }, (_, i) => tree.first[item] + i);
}

export function childrenAt(tree, item) {
  const lanes = tree.lanes && tree.lanes.get(item);
  return lanes ? [...lanes, ...rangeOf(tree, item)] : rangeOf(tree, item);
}

export function heaviestChild(tree, item) {
  return childrenAt(tree, item).reduce((best, child) => (best < 0 || tree.width[child] > tree.width[best] ? child : best), -1);
}

export function sibling(tree, item, step) {
  if (item === 0)
    return -1;
  const all = childrenAt(tree, tree.parent[item]);
  return all[all.indexOf(item) + step] ?? -1;
}
