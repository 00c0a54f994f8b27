import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import test from 'node:test';
import { arrange, childrenAt, eachSeen, heaviestChild, itemAt, sibling } from '../../../render/html/arrange.js';
import { makeTimes } from '../../../render/html/chart.js';
import { makeBase, makeModel, unpack } from '../../../render/html/decode.js';
import { calleesOf, callersOf, invert, outermost } from '../../../render/html/expand.js';
import { readFragment, writeFragment } from '../../../render/html/fragment.js';
import { modulesOf } from '../../../render/html/legend.js';
import { slicesOf } from '../../../render/html/pie.js';
import { ringsOf, roomsOf } from '../../../render/html/rings.js';
import { nextTo } from '../../../render/html/sandwich.js';
import { costsOf, makeSession, usualState } from '../../../render/html/session.js';
import { sortFunctions } from '../../../render/html/table.js';

const slots = { count: 88, text: 1, accent: 5, background: 6, surface: 7, rest: 9, grey: 10, module: 13, cost: 49, costs: 16, same: 65, less: 66, more: 73, diffs: 7 };

// main 10 (a 4 (b 3), b 5 (a 2 (b 1))), other 2; functions a 0, b 1, main 2, other 3
const profile = {
  origin: 'stacks',
  metrics: [{ name: 'time', unit: 'ns', scale: 1, signed: false, total: 20 }, { name: 'bytes', unit: 'bytes', scale: 1, signed: true, total: -1 }],
  functions: ['a', 'b', 'main', 'other'].map((name) => ({ name, flags: name === 'other' ? ['thread'] : undefined })),
  stacks: { function: [null, 2, 0, 1, 1, 0, 1, 3], depth: [null, 1, 2, 3, 2, 3, 4, 1], self: [[0, 3, 1, 3, 5, 2, 1, 5], [0, 0, 4, -5, 0, 0, 0, 0]] },
};
const page = { names: ['a', 'b', 'main', 'other'].map((name) => ['', '', name, '']), places: ['', '', '', ''], modules: ['m', 'm', 'n', 'o'], paints: [13, 14, 10, 16, 11, 14, 14, 10, 16, 11, 16, 14, 10, 16, 11, 10, 14, 10, 16, 11], metric: 0, slots };

function modelOf(change) {
  return makeModel({ ...profile, ...change }, page);
}

function session(state) {
  const made = makeSession(modelOf(), page, slots);
  made.state = { ...usualState, metric: '0', ...state };
  made.plant();
  return made;
}

function told(tree, item = 0) {
  const children = [];
  for (let child = tree.first[item]; child < tree.last[item]; child++)
    children.push(told(tree, child));
  const name = tree.name[item] < 0 ? `(${-1 - tree.name[item]})` : page.names[tree.name[item]][2];
  return `${name} ${tree.width[item]}${children.length ? ` [${children.join(', ')}]` : ''}`;
}

test('what is packed is unpacked', async () => {
  assert.deepEqual(await unpack(gzipSync('{"a":[1,"é"]}').toString('base64')), { a: [1, 'é'] });
  await assert.rejects(unpack('!'));
  await assert.rejects(unpack(btoa('no gzip')));
});

test('a tree from depths, and from parents', () => {
  const tree = arrange(makeBase(modelOf(), 0, -1), false);
  assert.equal(told(tree), '(0) 20 [main 15 [a 4 [b 3], b 8 [a 3 [b 1]]], other 5]');
  const parent = [null, 0, 1, 2, 1, 4, 5, 0];
  assert.equal(told(arrange(makeBase(modelOf({ stacks: { ...profile.stacks, depth: undefined, parent } }), 0, -1), false)), told(tree));
});

test('the heaviest first, a single thread, sizes of what may be negative', () => {
  assert.equal(told(arrange(makeBase(modelOf(), 0, -1), true)), '(0) 20 [main 15 [b 8 [a 3 [b 1]], a 4 [b 3]], other 5]');
  assert.equal(told(arrange(makeBase(modelOf(), 0, 3), false)), '(0) 5 [other 5]');
  const signed = arrange(makeBase(modelOf(), 1, -1), false);
  assert.equal(signed.value[0], -1);
  assert.equal(signed.width[0], 9);
});

test('inverted: own costs first, and they add up', () => {
  const tree = arrange(invert(arrange(makeBase(modelOf(), 0, -1), false), 4), false);
  assert.equal(told(tree), '(0) 20 [a 3 [b 2 [main 2], main 1], b 9 [a 4 [b 1 [main 1], main 3], main 5], main 3, other 5]');
});

test('callers and callees of one function: recursion counts once', () => {
  const tree = arrange(makeBase(modelOf(), 0, -1), false);
  assert.deepEqual(outermost(tree, 1).map((item) => tree.width[item]), [8, 3]);
  assert.equal(told(arrange(callersOf(tree, 1, 4), false)), 'b 11 [a 3 [main 3], main 8 ]'.replace(' ]', ']'));
  assert.equal(told(arrange(calleesOf(tree, 1, 4), false)), 'b 11 [a 3 [b 1]]');
  const costs = costsOf(tree, 4);
  assert.deepEqual([...costs.self], [3, 9, 3, 5]);
  assert.deepEqual([...costs.total], [7, 11, 15, 5]);
});

// Stacks at random, so that every sum can be checked.
function random(seed) {
  let state = seed;
  const next = (below) => (state = (state * 1103515245 + 12345) % 2147483648) % below;
  const depth = [null];
  const name = [null];
  for (let i = 1; i < 400; i++) {
    depth.push(1 + next(Math.min(depth[i - 1] + 1, 12) || 1));
    name.push(next(9));
  }
  return { function: name, depth, self: [name.map(() => next(50))] };
}

test('sums hold in every tree that is made of another', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const stacks = random(seed);
    const total = stacks.self[0].reduce((sum, value) => sum + value, 0);
    const names = Array.from({ length: 9 }, (_, i) => ['', '', `f${i}`, '']);
    const model = makeModel({ origin: 'stacks', metrics: [{ name: 'n', unit: 'count', scale: 1, signed: false, total }], functions: names.map(() => ({})), stacks }, { ...page, names, paints: [], metric: 0 });
    const tree = arrange(makeBase(model, 0, -1), true);
    const costs = costsOf(tree, 9);
    const inverted = arrange(invert(tree, 9), false);
    assert.equal(tree.width[0], total);
    assert.equal(inverted.self.reduce((sum, value) => sum + value, 0), total);
    for (let func = 0; func < 9; func++) {
      assert.equal(callersOf(tree, func, 9).width[0], costs.total[func]);
      const below = calleesOf(tree, func, 9);
      assert.equal(below.self.reduce((sum, value) => sum + value, 0), costs.total[func]);
    }
    for (const each of [tree, inverted])
      for (let i = 0; i < each.count; i++) {
        const end = each.last[i] > each.first[i] ? each.start[each.last[i] - 1] + each.width[each.last[i] - 1] : each.start[i];
        assert.ok(end <= each.start[i] + each.width[i] + 1e-9);
      }
  }
});

test('what is seen of a row: wide ones, runs of narrow ones, nothing twice', () => {
  const tree = arrange({ count: 6, parent: [-1, 0, 0, 0, 0, 0], name: [-1, 0, 1, 2, 3, 0], self: [0, 10, 1, 1, 1, 10], value: [23, 10, 1, 1, 1, 10], width: [23, 10, 1, 1, 1, 10], guess: null }, false);
  const seen = (from, to, least) => {
    const rows = [];
    eachSeen(tree, 1, from, to, least, (item, start, width, count) => rows.push([item, start, width, count].join(' ')));
    return rows;
  };
  assert.deepEqual(seen(0, 23, 0), ['1 0 10 1', '2 10 1 1', '3 11 1 1', '4 12 1 1', '5 13 10 1']);
  assert.deepEqual(seen(0, 23, 2), ['1 0 10 1', '-1 10 3 3', '5 13 10 1']);
  assert.deepEqual(seen(11.5, 12.5, 0), ['3 11 1 1', '4 12 1 1']);
  assert.equal(itemAt(tree, 1, 12.9), 4);
  assert.equal(itemAt(tree, 2, 1), -1);
  assert.equal(heaviestChild(tree, 0), 1);
  assert.equal(heaviestChild(tree, 3), -1);
  assert.deepEqual([sibling(tree, 1, -1), sibling(tree, 1, 1), sibling(tree, 5, 1), sibling(tree, 0, 1)], [-1, 2, -1, -1]);
});

test('the state in the fragment reads back, whatever names hold', () => {
  const state = { ...usualState, view: 'table', zoom: ['a;b', 'c&d=e', '%', '\u202e'], search: '/x|y/', fn: 'f#g' };
  assert.deepEqual(readFragment(writeFragment(state, usualState), usualState), state);
  assert.equal(writeFragment(usualState, usualState), '');
  assert.deepEqual(readFragment('#zoom=%zz&constructor=1&view', usualState), { ...usualState, zoom: ['%zz'] });
});

test('a session: search, zoom by names, words', () => {
  const all = session({ search: 'b', zoom: ['main', 'b', 'nowhere'] });
  assert.equal(all.foundWords(), '3 matches · 55 % · 1 function');
  assert.deepEqual(all.path(), ['main', 'b']);
  assert.deepEqual(all.words(all.tree, all.zoom), ['b', '40 % (8 ns)', '100 % of the zoomed', 'self 25 % (5 ns)']);
  assert.match(session({ search: '/(/' }).foundWords(), /Invalid regular expression/);
  assert.equal(session({ search: 'zz' }).foundWords(), '0 matches · 0 % · 0 functions');
  assert.equal(session({ thread: 'other' }).tree.width[0], 5);
  const cost = session({ colour: 'cost' });
  assert.equal(cost.paint(cost.tree, 0), slots.grey + 2);
  assert.equal(cost.paintOf(0, 20), slots.cost + 15);
  const signed = session({ metric: '1' });
  assert.equal(signed.amount(4), '+44.4 % (4 B)');
  assert.ok(signed.paint(signed.tree, 1) >= slots.less);
});

test('a fragment that somebody made up is no harm', () => {
  const made = session();
  made.accept({ ...usualState, metric: '9', colour: 'x', order: '', thread: 'none', fn: 'b' }, { ...usualState, colour: 'cost' });
  assert.deepEqual([made.state.metric, made.state.colour, made.state.order, made.state.thread, made.func], ['0', 'cost', 'name', '', 1]);
  made.plant();
  assert.equal(made.tree.width[0], 20);
});

test('walking visits every match and comes around', () => {
  const all = session({ search: 'b' });
  const visited = [all.walk(1), all.walk(1), all.walk(1)];
  assert.equal(new Set(visited).size, 3);
  assert.equal(all.walk(1), visited[0]);
  assert.equal(all.walk(-1), visited[2]);
  assert.equal(session({ search: 'zz' }).walk(1), -1);
});

test('a comparison: as wide as the larger side, changes with both sides', () => {
  const metrics = ['base', 'head', 'change'].map((name, i) => ({ name, unit: 'count', scale: 1, signed: i === 2, total: [20, 19, -1][i] }));
  const before = profile.stacks.self[0];
  const after = [0, 3, 6, 0, 5, 2, 1, 2];
  const stacks = { ...profile.stacks, self: [before, after, after.map((value, i) => value - before[i])] };
  const made = makeSession(makeModel({ ...profile, metrics, stacks }, { ...page, diff: [{ base: 0, head: 1, change: 2, name: 'samples' }], metric: 2 }), page, slots);
  assert.deepEqual(made.metricRows(), [['2', 'samples']]);
  made.accept({ ...usualState, metric: '2' }, { ...usualState, metric: '2' });
  made.plant();
  // main 15 → 17 (a 4 → 6 (b 3 → 0), b 8 → 8 (…)), other 5 → 2
  assert.equal(told(made.tree), '(0) 22 [main 17 [a 6 [b 3], b 8 [a 3 [b 1]]], other 5]');
  assert.equal(made.shareWords(made.tree, 3), '+10 %');
  assert.deepEqual([1, 2, 4, 5].map((item) => made.bothWords(made.tree.before[item], made.tree.value[item])), ['15 → 17 (+13.3 %)', '5 → 2 (-60 %)', '8 (=)', '3 → 0 (gone)']);
  assert.equal(made.paint(made.tree, 4), slots.same);
  assert.equal(made.isHatched(made.tree, 5), true);
  const inverted = arrange(invert(made.tree, 4), false);
  assert.equal(inverted.before[0], 20);
  assert.equal(inverted.self.reduce((sum, value) => sum + value, 0), -1);
  assert.equal(made.costs().before.total[1], 11);
});

test('slices make a full turn', () => {
  const slices = slicesOf(Float64Array.from({ length: 40 }, (_, i) => 40 - i));
  assert.equal(slices.length, 12);
  assert.equal(slices[11].func, -1);
  assert.equal(slices[11].to, 1);
  slices.forEach(({ from }, i) => assert.ok(Math.abs(from - (i ? slices[i - 1].to : 0)) < 1e-12));
  assert.deepEqual(slicesOf(Float64Array.from([1, 0, 3])).map(({ func }) => func), [2, 0]);
  assert.deepEqual(slicesOf(Float64Array.from([0])), []);
});

test('rings: as many as fit', () => {
  const tree = arrange(makeBase(modelOf(), 0, -1), false);
  assert.deepEqual(ringsOf(tree, 0, 300), { all: 4, count: 4, wide: 64 });
  assert.deepEqual(ringsOf(tree, 0, 90), { all: 4, count: 2, wide: 23 });
});

test('a chart: rows by time, lanes below each other', () => {
  // all 0+100; thread 0+60 (a 0+20 (b 5+5), a 30+30), thread 50+50 (b 50+50)
  const tree = makeTimes({ parent: [-1, 0, 0, 1, 1, 2, 3], level: [0, 1, 4, 2, 2, 5, 3], start: [0, 0, 50, 30, 0, 50, 5], width: [100, 60, 50, 30, 20, 50, 5], value: [100, 50, 50, 30, 20, 50, 5], function: [-1, 3, 3, 0, 0, 1, 1], lanes: [1, 2] });
  assert.deepEqual(tree.rows, [0, 1, 2, 4, 5, 6, 7]);
  assert.deepEqual([...tree.start], [0, 0, 0, 30, 5, 50, 50]);
  assert.deepEqual(childrenAt(tree, 0), [1, 5]);
  assert.deepEqual(childrenAt(tree, 1), [2, 3]);
  assert.deepEqual(childrenAt(tree, 5), [6]);
  assert.equal(heaviestChild(tree, 0), 1);
  assert.equal(sibling(tree, 1, 1), 5);
  assert.equal(itemAt(tree, 2, 25), -1);
  assert.equal(itemAt(tree, 2, 35), 3);
});

test('neighbours of a function, sorted tables, modules of the legend', () => {
  const arcs = { count: 3, caller: [0, 0, 1], callee: [1, 2, 2], calls: [3, -1, 4], isTold: [true, false, true], total: [[5, 0, 9]] };
  assert.deepEqual(nextTo(arcs, 0, 2, 'callers'), [{ func: 1, value: 9, calls: 4 }, { func: 0, value: null, calls: -1 }]);
  assert.deepEqual(nextTo(arcs, 0, 0, 'callees').map(({ func }) => func), [1, 2]);
  const costs = { self: [1, 5, -7], total: [9, 8, 7] };
  assert.deepEqual(sortFunctions([0, 1, 2], 'self', false, costs, {}), [2, 1, 0]);
  assert.deepEqual(sortFunctions([2, 1, 0], 'total', true, costs, {}), [2, 1, 0]);
  assert.deepEqual(sortFunctions([2, 0, 1], 'name', false, costs, {}), [0, 1, 2]);
  const { functions } = modelOf();
  assert.deepEqual(modulesOf(functions, [1, 1, 5, 2], slots), [['n', 17], ['m', 14], ['runtime, kernel, unknown', 11]]);
});

test('words of a sunburst stay in their sector', () => {
  for (let inner = 44; inner < 400; inner += 51)
    for (const wide of [20, 36, 64, 72])
      for (let turns = 0.002; turns < 1; turns *= 1.3) {
        const { along, outwards, middle } = roomsOf(inner, wide, turns);
        assert.ok(along < turns * 2 * Math.PI * (inner + wide / 2) && outwards >= 0);
        for (const end of outwards ? [-1, 1] : []) {
          const radius = middle + end * outwards / 2;
          assert.ok(radius > inner && Math.hypot(radius, 7) < inner + wide, `${inner} ${wide} ${turns}`);
          assert.ok(turns >= 0.5 || Math.atan2(7, radius) <= turns * Math.PI + 1e-9, `${inner} ${wide} ${turns}`);
        }
      }
  assert.ok(roomsOf(200, 64, 0.02).outwards > roomsOf(200, 64, 0.02).along);
  assert.equal(roomsOf(44, 20, 0.9).along > 0, true);
});
