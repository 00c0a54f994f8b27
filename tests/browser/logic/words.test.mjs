import assert from 'node:assert/strict';
import test from 'node:test';
import { readdirSync, readFileSync } from 'node:fs';
import { frameLabel, fullName } from '../../../render/svg/names.js';
import { grouped, quantity, share } from '../../../render/svg/numbers.js';
import { findInTree, foundText, makeTest } from '../../../render/svg/search.js';
import { makeTree } from '../../../render/svg/shape.js';
import { followPath, readState, writeState } from '../../../render/svg/state.js';
import { breakLines, makeFont } from '../../../render/svg/text.js';

// Every letter is 1024 / 2048 of the size: at 12 px 6 px wide.
const font = makeFont({ font: Array(95).fill(1024), bold: Array(95).fill(2048), wide: [[0x2026, 1024], [0xe9, 1024], [0xe0, 1024]] });

test('labels keep the function', () => {
  const python = ['app/shop/views.py', ':', 'Page.render', ''];
  const native = ['std::map<int, long>', '::', 'find', '(int const&)'];
  const rows = [
    [python, 400, 'app/shop/views.py:Page.render'],
    [python, 170, 'app/…/views.py:Page.render'],
    [python, 140, '…/views.py:Page.render'],
    [python, 130, 'views.py:Page.render'],
    [python, 90, 'Page.render'],
    [python, 50, 'render'],
    [python, 30, 'ren…'],
    [python, 29, ''],
    [native, 400, 'std::map<int, long>::find(int const&)'],
    [native, 200, 'std::map<int, long>::find'],
    [native, 110, 'std::map<…>::find'],
    [native, 40, 'find'],
    [['', '', 'vector<int>', ''], 64, 'vector<…>'],
    [['', '', 'déjà_vu_encore', ''], 50, 'déjà_vu…'],
  ];
  for (const [parts, width, label] of rows)
    assert.equal(frameLabel(font, 12, parts, width), label, `${parts} in ${width}`);
});

test('full names', () => {
  assert.equal(fullName(['a.py', ':', 'f', '']), 'a.py:f');
  assert.equal(fullName(['a.py', ':', 'f', '', 12]), 'f (a.py:12)');
  assert.equal(fullName(['a.py', ':', 'f', '', 'f (a.py:12) [x]']), 'f (a.py:12) [x]');
});

test('sentences break at blanks, not before a percent sign', () => {
  assert.deepEqual(breakLines(font, 'one two three', 12, 50), ['one two', 'three']);
  assert.deepEqual(breakLines(font, 'width 12 % of all', 12, 52), ['width', '12 % of', 'all']);
  assert.deepEqual(breakLines(font, 'unbreakable', 12, 32), ['unbre', 'akabl', 'e']);
  assert.deepEqual(breakLines(font, '', 12, 32), []);
});

test('numbers as the program prints them', () => {
  for (const [part, whole, text] of [[1, 8, '12.5 %'], [1, 3, '33.3 %'], [1, 1, '100 %'], [1, 30000, '<0.01 %'], [1, 2000, '0.05 %'],
    [0, 5, '0 %'], [-1, 8, '-12.5 %'], [-1, 30000, '>-0.01 %'], [9, 8, '100 %'], [1, 0, '–']])
    assert.equal(share(part, whole), text);
  for (const [value, unit, scale, prefix, text] of [[1204, 'count', 1, '', '1,204'], [3400000, 'count', 1, '', '3.4 M'],
    [1420000000, 'ns', 1, '', '1.42 s'], [38100, 'ns', 1, '', '38.1 µs'], [0, 'ns', 1, '', '0 s'], [13107200, 'bytes', 1, '', '12.5 MiB'],
    [0, 'bytes', 1, '', '0 B'], [-950, 'ns', 1, '', '-950 ns'], [38000000, 'ns', 1, 's', '0.038 s'], [250, 'count', 1000, '', '0.25']])
    assert.equal(quantity(value, { unit, scale, prefix }), text);
  assert.equal(grouped(1234567), '1,234,567');
});

test('searching', () => {
  assert.ok(makeTest('ren')('Page.Render'));
  assert.ok(!makeTest('Ren')('page.render'));
  assert.ok(makeTest('/^a.c$/')('abc'));
  assert.ok(!makeTest('/^a.c$/')('xabc'));
  assert.ok(makeTest('/ABC/i')('abc'));
  assert.ok(makeTest('a/b')('x/a/b'));
  assert.ok(makeTest('/')('a/b'));
  assert.throws(() => makeTest('/(/'), SyntaxError);
});

test('a match in a match counts once', () => {
  // f 60 > g 50 > f 40; h 30 > f 10; remainder 5, and one of 4 inside of f
  const tree = makeTree({ p: [-1, 0, 0, 0, 1, 1, 2, 4], f: [-1, 0, 1, -3, 2, -2, 0, 0], w: [100, 60, 30, 5, 50, 4, 10, 40] });
  const found = findInTree(tree, ['f', 'h', 'g'], makeTest('f'));
  assert.deepEqual(found.items, [1, 7, 6]);
  assert.equal(found.value, 70);
  assert.equal(found.gathered, 5);
  assert.equal(foundText(found, -1, 100, share, 'in gathered frames'), '3 matches · 70 % + up to 5 % in gathered frames');
  assert.equal(foundText(found, 2, 100, share, 'x'), '3 of 3 · 70 % + up to 5 % x');
});

test('state goes through the fragment', () => {
  const rows = [
    { zoom: [], search: '' },
    { zoom: ['main', 'a;b&c=d#e', 'ünï', '%3C'], search: '/x|y/' },
    { zoom: ['<module> (shop.py:1)'], search: '' },
    { zoom: [], search: '100%' },
  ];
  for (const state of rows)
    assert.deepEqual(readState(writeState(state)), state);
  assert.deepEqual(readState('#zoom=%E0%A4%A&other=1&search'), { zoom: ['%E0%A4%A'], search: '' });
});

test('a path of names leads as far as it can', () => {
  const tree = makeTree({ p: [-1, 0, 0, 1], f: [-1, 0, 1, 1], w: [9, 5, 4, 5] });
  const names = ['a', 'b'];
  const nameOf = (item) => names[tree.name[item]];
  assert.equal(followPath(tree, nameOf, ['a', 'b']), 3);
  assert.equal(followPath(tree, nameOf, ['b']), 2);
  assert.equal(followPath(tree, nameOf, ['a', 'x', 'b']), 1);
  assert.equal(followPath(tree, nameOf, []), 0);
});

test('the modules have no name twice: they end in one scope', () => {
  const seen = new Map();
  for (const file of readdirSync('render/svg').filter((each) => /^\w+\.js$/.test(each)))
    for (const [, name] of readFileSync(`render/svg/${file}`, 'utf8').matchAll(/^(?:export )?(?:function|const|let) (\w+)/gm)) {
      assert.equal(seen.get(name), undefined, `${name} is in ${file} and ${seen.get(name)}`);
      seen.set(name, file);
    }
});
