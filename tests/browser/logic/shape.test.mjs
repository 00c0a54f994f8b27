import assert from 'node:assert/strict';
import test from 'node:test';
import { cutsText, makeTree, makeView, pathOf } from '../../../render/svg/shape.js';
import { grouped, share } from '../../../render/svg/numbers.js';

// all 100: a 90 (c 60 (e 60), d 3), b 4, and a remainder of 6 in 3
const data = { p: [-1, 0, 0, 0, 1, 1, 4], f: [-1, 0, 1, -4, 2, 3, 4], w: [100, 90, 4, 6, 60, 3, 60] };
const wide = { least: 0, sure: 99, thin: 0 };

function words(view) {
  return view.cells.map((cell) => `${cell.item < 0 ? `(${cell.count})` : cell.item} ${cell.start}+${cell.value}@${cell.level}`).join(' ');
}

test('a tree knows where everything begins', () => {
  const tree = makeTree(data);
  assert.deepEqual([...tree.start], [0, 0, 90, 94, 0, 60, 0]);
  assert.deepEqual([...tree.level], [0, 1, 1, 1, 2, 2, 3]);
  assert.deepEqual(pathOf(tree, 6), [0, 1, 4, 6]);
});

const rows = [
  { label: 'all of it', root: 0, shape: wide, cells: '0 0+100@0 1 0+90@1 2 90+4@1 (3) 94+6@1 4 0+60@2 5 60+3@2 6 0+60@3' },
  { label: 'narrow ones join the remainder', root: 0, shape: { ...wide, least: 5 },
    cells: '0 0+100@0 1 0+90@1 (4) 90+10@1 4 0+60@2 6 0+60@3' },
  { label: 'zoomed: the way down stays', root: 4, shape: wide, cells: '0 0+60@0 1 0+60@1 4 0+60@2 6 0+60@3' },
  { label: 'zoomed: what was narrow shows', root: 1, shape: { ...wide, least: 3 }, cells: '0 0+90@0 1 0+90@1 4 0+60@2 5 60+3@2 6 0+60@3' },
  { label: 'thin spires are cut', root: 0, shape: { least: 0, sure: 1, thin: 0.99 },
    cells: '0 0+100@0 1 0+90@1 2 90+4@1 (3) 94+6@1 (2) 0+63@2' },
  { label: 'one level too many is no spire', root: 0, shape: { least: 0, sure: 3, thin: 0.9 },
    cells: '0 0+100@0 1 0+90@1 2 90+4@1 (3) 94+6@1 4 0+60@2 5 60+3@2 6 0+60@3' },
];
for (const row of rows)
  test(row.label, () => assert.equal(words(makeView(makeTree(data), row.root, 100, row.shape)), row.cells));

test('what is cut is said', () => {
  const view = makeView(makeTree(data), 0, 100, { ...wide, least: 5 });
  assert.equal(cutsText(view, share, grouped), '5 branches under 5 px are gathered, 13 % of the width');
  const cut = makeView(makeTree(data), 0, 100, { least: 0, sure: 1, thin: 0.99 });
  assert.equal(cutsText(cut, share, grouped), '3 branches under 1 px are gathered, 6 % of the width; stacks are cut at 2 levels, 63 % of the width goes on');
});

test('cells of random trees lie in their parents and beside each other', () => {
  let seed = 1;
  const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  for (let round = 0; round < 50; round++) {
    const made = { p: [-1], f: [-1], w: [1e6] };
    for (let i = 0; i < made.p.length && made.p.length < 400; i++) {
      let left = made.w[i];
      for (let k = random(6); k > 0 && left > 1; k--) {
        const value = 1 + random(left);
        made.p.push(i);
        made.f.push(random(9) ? random(20) : -3);
        made.w.push(value);
        left -= value;
        if (made.f[made.f.length - 1] < 0)
          break;
      }
    }
    const tree = makeTree(made);
    const root = made.f[made.p.length - 1] < 0 ? 0 : random(made.p.length);
    const view = makeView(tree, made.f[root] < -1 ? 0 : root, 1000, { least: random(8), sure: 1 + random(6), thin: random(10) / 10 });
    const ends = new Map();
    for (const cell of view.cells.filter((each) => each.level >= view.base)) {
      const parent = view.cells.find((each) => each.item === cell.parent);
      assert.ok(cell.level === view.base || (cell.start >= parent.start && cell.start + cell.value <= parent.start + parent.value));
      assert.ok(cell.start >= (ends.get(cell.level) || 0));
      ends.set(cell.level, cell.start + cell.value);
    }
  }
});
