// Trees made of trees: callers below what they call (inverted), and both sides of one function.
// Level by level, what is of one function under one node becomes one node.

const mostNodes = 400000;

function makeGrowth(name, value, width) {
  return { parent: [-1], name: [name], self: [0], value: [value], width: [width], count: 1 };
}

function addNode(grown, parent, name, value, width) {
  grown.parent.push(parent);
  grown.name.push(name);
  grown.self.push(0);
  grown.value.push(value);
  grown.width.push(width);
  return grown.count++;
}

// Sums by group and function: where each entry belongs (a number from 0), and what is there.
function sumUp(tree, entries, functions) {
  const found = new Map();
  const sums = { group: [], name: [], value: [], width: [], of: new Int32Array(entries.length) };
  entries.forEach(({ node, group, value, width }, i) => {
    const key = group * functions + tree.name[node];
    let at = found.get(key);
    if (at === undefined) {
      at = sums.group.length;
      found.set(key, at);
      sums.group.push(group);
      sums.name.push(tree.name[node]);
      sums.value.push(0);
      sums.width.push(0);
    }
    sums.value[at] += value;
    sums.width[at] += width;
    sums.of[i] = at;
  });
  return sums;
}

// Nodes for what is wide enough; the rest of each group is one remainder. Returns the nodes by number of
// the sum, -1 where gathered.
function addLevel(grown, sums, least) {
  const nodes = new Int32Array(sums.group.length);
  const rests = new Map();
  const order = Array.from(nodes.keys()).sort((a, b) => sums.group[a] - sums.group[b] || sums.name[a] - sums.name[b]);
  for (const i of order) {
    nodes[i] = -1;
    if (sums.width[i] >= least && grown.count < mostNodes) {
      nodes[i] = addNode(grown, sums.group[i], sums.name[i], sums.value[i], sums.width[i]);
      continue;
    }
    const rest = rests.get(sums.group[i]) || { count: 0, value: 0, width: 0 };
    rest.count++;
    rest.value += sums.value[i];
    rest.width += sums.width[i];
    rests.set(sums.group[i], rest);
  }
  for (const [group, { count, value, width }] of rests)
    if (width > 0) {
      const node = addNode(grown, group, -1 - count, value, width);
      grown.self[node] = value;
    }
  return nodes;
}

function grow(grown, tree, begin, functions, next) {
  const least = grown.width[0] / 50000;
  for (let entries = begin; entries.length;) {
    const sums = sumUp(tree, entries, functions);
    const nodes = addLevel(grown, sums, least);
    const above = [];
    entries.forEach((entry, i) => {
      const node = nodes[sums.of[i]];
      if (node >= 0)
        next(entry, node, above);
    });
    entries = above;
  }
  return {
    count: grown.count,
    parent: Int32Array.from(grown.parent),
    name: Int32Array.from(grown.name),
    self: Float64Array.from(grown.self),
    value: Float64Array.from(grown.value),
    width: Float64Array.from(grown.width),
    guess: null,
  };
}

// One step towards the root; what begins here is the node's own.
function climb(tree, grown) {
  return (entry, node, above) => {
    const parent = tree.parent[entry.node];
    if (parent <= 0)
      grown.self[node] += entry.value;
    else
      above.push({ node: parent, group: node, value: entry.value, width: entry.width });
  };
}

function childEntries(tree, node, group, entries) {
  for (let child = tree.first[node]; child < tree.last[node]; child++)
    if (tree.name[child] >= 0)
      entries.push({ node: child, group, value: tree.value[child], width: tree.width[child] });
}

// Every function's own cost at the bottom, its callers above it. `tree` is arranged.
export function invert(tree, functions, isSigned) {
  const grown = makeGrowth(-1, tree.value[0], tree.width[0]);
  const begin = [];
  for (let i = 1; i < tree.count; i++)
    if (tree.self[i])
      begin.push({ node: i, group: 0, value: tree.self[i], width: isSigned ? Math.abs(tree.self[i]) : tree.self[i] });
  grown.self[0] = tree.self[0];
  return grow(grown, tree, begin, functions, climb(tree, grown));
}

// Where the function stands without itself above it: recursion counts once.
export function outermost(tree, name) {
  const inside = new Uint8Array(tree.count);
  const found = [];
  for (let i = 1; i < tree.count; i++) {
    const covered = inside[tree.parent[i]];
    inside[i] = covered || tree.name[i] === name ? 1 : 0;
    if (inside[i] && !covered)
      found.push(i);
  }
  return found;
}

function rootOf(tree, places, name) {
  const add = (column) => places.reduce((sum, item) => sum + column[item], 0);
  return makeGrowth(name, add(tree.value), add(tree.width));
}

// The callers of one function, the function itself as root.
export function callersOf(tree, name, functions) {
  const places = outermost(tree, name);
  const grown = rootOf(tree, places, name);
  const begin = [];
  for (const node of places)
    climb(tree, grown)({ node, value: tree.value[node], width: tree.width[node] }, 0, begin);
  return grow(grown, tree, begin, functions, climb(tree, grown));
}

// What it calls, from everywhere, the function itself as root.
export function calleesOf(tree, name, functions) {
  const places = outermost(tree, name);
  const grown = rootOf(tree, places, name);
  const begin = [];
  for (const node of places) {
    grown.self[0] += tree.self[node];
    childEntries(tree, node, 0, begin);
  }
  return grow(grown, tree, begin, functions, (entry, node, above) => {
    grown.self[node] += tree.self[entry.node];
    childEntries(tree, entry.node, node, above);
  });
}
