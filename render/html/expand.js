// Trees made of trees: callers below what they call (inverted), and both sides of one function.
// Level by level, what is of one function under one node becomes one node.

const mostNodes = 400000;

function makeGrowth(name, { value, width, before }) {
  return { parent: [-1], name: [name], self: [0], own: [0], value: [value], width: [width], before: [before], beforeSelf: [0], count: 1 };
}

function addNode(grown, parent, name, { value, width, before }) {
  grown.parent.push(parent);
  grown.name.push(name);
  grown.self.push(0);
  grown.own.push(0);
  grown.value.push(value);
  grown.width.push(width);
  grown.before.push(before);
  grown.beforeSelf.push(0);
  return grown.count++;
}

function add(to, { value, width, before }) {
  to.value += value;
  to.width += width;
  to.before += before;
}

// What is a node's own: it ends here.
function keep(grown, node, { value, width, before }) {
  grown.self[node] += value;
  grown.own[node] += width;
  grown.beforeSelf[node] += before;
}

// Sums by group and function, and for each entry its sum.
function sumUp(tree, entries, functions) {
  const found = new Map();
  const of = entries.map((entry) => {
    const key = entry.group * functions + tree.name[entry.node];
    let sum = found.get(key);
    if (!sum)
      found.set(key, (sum = { group: entry.group, name: tree.name[entry.node], value: 0, width: 0, before: 0, node: -1 }));
    add(sum, entry);
    return sum;
  });
  return { all: [...found.values()], of };
}

// Nodes for what is wide enough; the rest of each group is one remainder.
function addLevel(grown, sums, least) {
  const rests = new Map();
  for (const sum of sums.sort((a, b) => a.group - b.group || a.name - b.name)) {
    if (sum.width >= least && grown.count < mostNodes) {
      sum.node = addNode(grown, sum.group, sum.name, sum);
      continue;
    }
    const rest = rests.get(sum.group) || { count: 0, value: 0, width: 0, before: 0 };
    rest.count++;
    add(rest, sum);
    rests.set(sum.group, rest);
  }
  for (const [group, rest] of rests)
    if (rest.width > 0)
      keep(grown, addNode(grown, group, -1 - rest.count, rest), rest);
}

function grow(grown, tree, begin, functions, next) {
  const least = grown.width[0] / 50000;
  for (let entries = begin; entries.length;) {
    const sums = sumUp(tree, entries, functions);
    addLevel(grown, sums.all, least);
    const above = [];
    entries.forEach((entry, i) => {
      if (sums.of[i].node >= 0)
        next(entry, sums.of[i].node, above);
    });
    entries = above;
  }
  const column = (name) => Float64Array.from(grown[name]);
  return {
    count: grown.count,
    parent: Int32Array.from(grown.parent),
    name: Int32Array.from(grown.name),
    self: column('self'),
    own: column('own'),
    value: column('value'),
    width: column('width'),
    before: tree.before && column('before'),
    beforeSelf: tree.before && column('beforeSelf'),
    guess: null,
    chance: null,
  };
}

function whole(tree, node, group) {
  return { node, group, value: tree.value[node], width: tree.width[node], before: tree.before ? tree.before[node] : 0 };
}

function ownPart(tree, node, group) {
  return { node, group, value: tree.self[node], width: tree.own[node], before: tree.before ? tree.beforeSelf[node] : 0 };
}

// One step towards the root; what begins here is the node's own.
function climb(tree, grown) {
  return (entry, node, above) => {
    const parent = tree.parent[entry.node];
    if (parent <= 0)
      keep(grown, node, entry);
    else
      above.push({ ...entry, node: parent, group: node });
  };
}

function childEntries(tree, node, group, entries) {
  for (let child = tree.first[node]; child < tree.last[node]; child++)
    if (tree.name[child] >= 0)
      entries.push(whole(tree, child, group));
}

// Every function's own cost at the bottom, its callers above it. `tree` is arranged.
export function invert(tree, functions) {
  const begin = [];
  const root = { ...whole(tree, 0), width: tree.own[0] };
  for (let i = 1; i < tree.count; i++)
    if (tree.own[i]) {
      begin.push(ownPart(tree, i, 0));
      root.width += tree.own[i];
    }
  const grown = makeGrowth(-1, root);
  keep(grown, 0, ownPart(tree, 0, 0));
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
  const root = { value: 0, width: 0, before: 0 };
  for (const node of places)
    add(root, whole(tree, node, 0));
  return makeGrowth(name, root);
}

// The callers of one function, the function itself as root.
export function callersOf(tree, name, functions) {
  const places = outermost(tree, name);
  const grown = rootOf(tree, places, name);
  const begin = [];
  for (const node of places)
    climb(tree, grown)(whole(tree, node, 0), 0, begin);
  return grow(grown, tree, begin, functions, climb(tree, grown));
}

// What it calls, from everywhere, the function itself as root.
export function calleesOf(tree, name, functions) {
  const places = outermost(tree, name);
  const grown = rootOf(tree, places, name);
  const begin = [];
  for (const node of places) {
    keep(grown, 0, ownPart(tree, node, 0));
    childEntries(tree, node, 0, begin);
  }
  return grow(grown, tree, begin, functions, (entry, node, above) => {
    keep(grown, node, ownPart(tree, entry.node, node));
    childEntries(tree, entry.node, node, above);
  });
}
