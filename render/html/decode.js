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
function callsOf(told, stacks) {
  if (!stacks || !stacks.calls)
    return told.map((count) => count ?? -1);
  const calls = told.map(() => 0);
  stacks.function.forEach((name, i) => name !== null && (calls[name] += stacks.calls[i]));
  return calls.map((count) => count || -1);
}

// As rows or as columns.
function functionsOf(profile) {
  const { functions, metrics, stacks } = profile;
  if (!Array.isArray(functions)) {
    const count = functions.name.length;
    const measured = (columns) => metrics.map((_, m) => (columns ? Float64Array.from(columns[m]) : new Float64Array(count)));
    return { count, flags: functions.name.map((_, i) => (functions.flags && functions.flags[i]) || []), calls: callsOf(functions.calls || functions.name.map(() => null), stacks),
      self: measured(functions.self), total: measured(functions.total) };
  }
  return { count: functions.length, flags: functions.map((row) => row.flags || []), calls: callsOf(functions.map((row) => row.calls), stacks),
    self: columns(functions, 'self', metrics.length), total: columns(functions, 'total', metrics.length) };
}

function makeFunctions(profile, page) {
  return {
    ...functionsOf(profile),
    parts: page.names,
    full: page.names.map(fullName),
    spoken: page.names.map(spokenName),
    places: page.places,
    paints: page.paints,
    modules: page.modules,
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
    chance: stacks.chance ? Uint8Array.from(stacks.chance) : null,
  };
}

// As rows or as columns.
function makeArcs(profile) {
  const { arcs } = profile;
  if (arcs && !Array.isArray(arcs))
    return {
      count: arcs.caller.length,
      caller: Int32Array.from(arcs.caller),
      callee: Int32Array.from(arcs.callee),
      calls: arcs.calls.map((calls) => calls ?? -1),
      isTold: arcs.calls.map((_, i) => arcs.total.length > 0 && arcs.total[0][i] !== null),
      total: arcs.total.map((column) => Float64Array.from(column, (value) => value ?? 0)),
    };
  const rows = arcs || [];
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
  const stacks = page.stacks || profile.stacks;
  const nodes = stacks ? makeNodes(stacks) : null;
  const metrics = profile.metrics.map((metric, m) => ({
    ...metric,
    prefix: page.prefix && page.metric === m ? page.prefix : '',
    title: page.countName && page.metric === m ? page.countName : metric.name,
    whole: metric.signed ? sizesOf(nodes ? nodes.self[m] : functions.self[m]) : metric.total,
  }));
  for (const { base, head, change, name } of page.diff || [])
    Object.assign(metrics[change], { title: name, whole: Math.abs(metrics[base].total || metrics[head].total) });
  const threads = [];
  functions.flags.forEach((flags, func) => {
    if (flags.includes('thread') || flags.includes('process'))
      threads.push({ func, name: functions.full[func] });
  });
  return { metrics, functions, nodes, arcs: makeArcs(profile), threads, pairs: page.diff || [], isMeasured: profile.origin === 'stacks' };
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
// remainder of -1 - name), self, value (with everything below), width (its size: what is drawn), own (the size of self); of a
// comparison before and beforeSelf (base's), while value and self are changes.
export function makeBase(model, metric, thread) {
  const { nodes } = model;
  const kept = nodesOf(nodes, thread);
  const order = Int32Array.from(nodes.name.keys()).filter((i) => i === 0 || kept[i]);
  const place = new Int32Array(nodes.count);
  order.forEach((from, to) => (place[from] = to));
  const pair = model.pairs.find(({ change }) => change === metric);
  const column = (values) => Float64Array.from(order, (i) => (kept[i] === 1 ? values[i] : 0));
  const flags = (values) => values && Uint8Array.from(order, (i) => values[i]);
  const base = {
    count: order.length,
    parent: Int32Array.from(order, (i) => (i === 0 ? -1 : place[nodes.parent[i]])),
    name: Int32Array.from(order, (i) => nodes.name[i]),
    self: column(nodes.self[metric]),
    value: new Float64Array(order.length),
    width: new Float64Array(order.length),
    own: new Float64Array(order.length),
    before: null,
    beforeSelf: pair ? column(nodes.self[pair.base]) : null,
    guess: flags(nodes.guess),
    chance: flags(nodes.chance),
  };
  if (pair)
    addUpBoth(base);
  else
    addUp(base, model.metrics[metric].signed);
  return base;
}

// As wide as the larger side, or as its parts together.
function addUpBoth(base) {
  base.own.set(base.self.map((change, i) => Math.max(Math.abs(base.beforeSelf[i]), Math.abs(base.beforeSelf[i] + change))));
  base.value.set(base.self);
  base.before = base.beforeSelf.slice();
  for (let i = base.count - 1; i >= 0; i--) {
    base.width[i] = Math.max(Math.abs(base.before[i]), Math.abs(base.before[i] + base.value[i]), base.width[i]);
    if (i === 0)
      break;
    base.value[base.parent[i]] += base.value[i];
    base.before[base.parent[i]] += base.before[i];
    base.width[base.parent[i]] += base.width[i];
  }
}

function addUp(base, isSigned) {
  base.value.set(base.self);
  base.own.set(isSigned ? base.self.map(Math.abs) : base.self);
  base.width.set(base.own);
  for (let i = base.count - 1; i > 0; i--) {
    base.value[base.parent[i]] += base.value[i];
    base.width[base.parent[i]] += base.width[i];
  }
}
