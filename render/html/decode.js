import { fullName, spokenName } from '../svg/names.js';

// From what the page carries to columns that can be drawn from.

// The value of a JSON text that was packed with gzip and base 64.
export async function unpack(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++)
    bytes[i] = letters.charCodeAt(i);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).json();
}

function columns(rows, key, count) {
  return Array.from({ length: count }, (_, m) => Float64Array.from(rows, (row) => (row[key] ? row[key][m] : 0)));
}

// Of stacks each node tells its calls, if any does.
function callsOf(rows, stacks) {
  if (!stacks || !stacks.calls)
    return rows.map((row) => row.calls ?? -1);
  const calls = rows.map(() => 0);
  stacks.function.forEach((name, i) => name !== null && (calls[name] += stacks.calls[i]));
  return calls.map((count) => count || -1);
}

function makeFunctions(profile, page) {
  const rows = profile.functions;
  const metrics = profile.metrics.length;
  return {
    count: rows.length,
    parts: page.names,
    full: page.names.map(fullName),
    spoken: page.names.map(spokenName),
    places: page.places,
    paints: page.paints,
    modules: page.modules,
    flags: rows.map((row) => row.flags || []),
    calls: callsOf(rows, profile.stacks),
    self: columns(rows, 'self', metrics),
    total: columns(rows, 'total', metrics),
  };
}

// Parents of nodes in preorder, of which only the depth is told.
function parentsOf(depths) {
  const way = [0];
  return Int32Array.from(depths, (depth, i) => {
    way[depth ?? 0] = i;
    return depth === null ? -1 : way[depth - 1];
  });
}

// Nodes in an order in which parents come first; the root has no function (-1).
function makeNodes(stacks) {
  return {
    count: stacks.function.length,
    parent: stacks.depth ? parentsOf(stacks.depth) : Int32Array.from(stacks.parent, (parent) => parent ?? -1),
    name: Int32Array.from(stacks.function, (name) => name ?? -1),
    self: stacks.self.map((column) => Float64Array.from(column)),
    guess: stacks.guess ? Uint8Array.from(stacks.guess) : null,
  };
}

function makeArcs(profile) {
  const rows = profile.arcs || [];
  return {
    count: rows.length,
    caller: Int32Array.from(rows, (row) => row.caller),
    callee: Int32Array.from(rows, (row) => row.callee),
    calls: rows.map((row) => row.calls ?? -1),
    isTold: rows.map((row) => Boolean(row.total)),
    total: columns(rows, 'total', profile.metrics.length),
  };
}

function sizesOf(column) {
  return column.reduce((sum, value) => sum + Math.abs(value), 0);
}

// profile: profviz's own JSON; page: what the program says beside it (names in parts, colours, and
// the call tree where it is an estimate).
export function makeModel(profile, page) {
  const functions = makeFunctions(profile, page);
  const stacks = profile.stacks || page.stacks;
  const nodes = stacks ? makeNodes(stacks) : null;
  const metrics = profile.metrics.map((metric, m) => ({
    ...metric,
    prefix: page.prefix && page.metric === m ? page.prefix : '',
    title: page.countName && page.metric === m ? page.countName : metric.name,
    whole: metric.signed ? sizesOf(nodes ? nodes.self[m] : functions.self[m]) : metric.total,
  }));
  const threads = [];
  functions.flags.forEach((flags, func) => {
    if (flags.includes('thread') || flags.includes('process'))
      threads.push({ func, name: functions.full[func] });
  });
  return { metrics, functions, nodes, arcs: makeArcs(profile), threads, isMeasured: profile.origin === 'stacks' };
}

// Nodes that are in a thread, or lead to it; -1: all.
function nodesOf(nodes, thread) {
  const inside = new Uint8Array(nodes.count);
  if (thread < 0)
    return inside.fill(1);
  for (let i = 1; i < nodes.count; i++)
    inside[i] = nodes.name[i] === thread || inside[nodes.parent[i]] ? 1 : 0;
  const kept = inside.slice();
  for (let i = nodes.count - 1; i > 0; i--)
    if (kept[i])
      kept[nodes.parent[i]] = kept[i] && !kept[nodes.parent[i]] ? 2 : kept[nodes.parent[i]];
  return kept;
}

// A tree of one metric and one thread: columns parent, name (function; -1 the root, below that a
// remainder of -1 - name), self, value (with everything below), width (its size: what is drawn).
export function makeBase(model, metric, thread) {
  const { nodes } = model;
  const kept = nodesOf(nodes, thread);
  const place = new Int32Array(nodes.count);
  let count = 0;
  for (let i = 0; i < nodes.count; i++)
    place[i] = i === 0 || kept[i] ? count++ : -1;
  const base = { count, parent: new Int32Array(count), name: new Int32Array(count), self: new Float64Array(count), value: new Float64Array(count), width: new Float64Array(count), guess: nodes.guess && new Uint8Array(count) };
  for (let i = 0; i < nodes.count; i++) {
    const at = place[i];
    if (at < 0)
      continue;
    base.parent[at] = i === 0 ? -1 : place[nodes.parent[i]];
    base.name[at] = nodes.name[i];
    base.self[at] = kept[i] === 1 ? nodes.self[metric][i] : 0;
    if (nodes.guess)
      base.guess[at] = nodes.guess[i];
  }
  addUp(base, model.metrics[metric].signed);
  return base;
}

function addUp(base, isSigned) {
  base.value.set(base.self);
  base.width.set(isSigned ? base.self.map(Math.abs) : base.self);
  for (let i = base.count - 1; i > 0; i--) {
    base.value[base.parent[i]] += base.value[i];
    base.width[base.parent[i]] += base.width[i];
  }
}
