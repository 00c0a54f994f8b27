import assert from 'node:assert/strict';
import { after } from 'node:test';
import { cell, close, draw, end, fragment, manyStacks, open, shop, shopArcs, status, test, words } from './lib.mjs';

after(end);

const stacks = 'main;parse;read 30\nmain;parse 10\nmain;render;box 40\nmain;render;text 15\nidle 5\n';
const picture = draw(stacks, '--view', 'sunburst');

// Texts and where they stand, of the still and of what the script draws; the last digit may differ.
function texts(page) {
  return page.$$eval('.view text', (all) => all.map((each) => ({ words: each.textContent, at: ['x', 'y'].map((name) => Number(each.getAttribute(name))),
    turn: Number((/rotate\(([-\d.]+)/.exec(each.getAttribute('transform')) || [0, 0])[1]) })).sort((a, b) => (a.words < b.words ? -1 : a.words > b.words ? 1 : a.at[0] - b.at[0] || a.at[1] - b.at[1])));
}

for (const [label, input, ...options] of [['small', stacks], ['shop', shop], ['estimated', shopArcs], ['20,000 frames', manyStacks()], ['by weight', shop, '--sort', 'weight']])
  test(`a still and what the script draws agree: ${label}`, async () => {
    for (const width of [1000, 420]) {
      const own = await open(draw(input, '--view', 'sunburst', '--no-js', '--width', String(width), ...options), { wait: false });
      const page = await open(draw(input, '--view', 'sunburst', '--width', String(width), ...options));
      const [wanted, made] = [await texts(own), await texts(page)];
      assert.deepEqual(made.map((each) => each.words), wanted.map((each) => each.words));
      made.forEach((each, i) => assert.ok(Math.abs(each.turn - wanted[i].turn) < 0.02 && each.at.every((to, k) => Math.abs(to - wanted[i].at[k]) < 0.02), JSON.stringify([each, wanted[i]])));
      const shape = () => document.documentElement.getAttribute('viewBox');
      assert.equal(await page.evaluate(shape), await own.evaluate(shape));
      await close(own);
      await close(page);
    }
  });

// In the middle of a sector: turns from 12 o'clock, and the ring, in the picture of `stacks`.
async function at(page, turn, ring) {
  const [x, y, radius] = await page.evaluate(() => {
    const box = document.querySelector('.cell:not(.above) path').getBoundingClientRect();
    return [(box.left + box.right) / 2, (box.top + box.bottom) / 2, box.width / 2 + 1];
  });
  const by = ring ? radius + 90 * (ring - 0.5) : 0;
  return [x + by * Math.sin(turn * 2 * Math.PI), y - by * Math.cos(turn * 2 * Math.PI)];
}

test('pointing tells, a click zooms, a crumb and the middle lead back', async () => {
  const page = await open(picture, { viewport: { width: 900, height: 1000 } });
  await page.mouse.move(...await at(page, 0.02, 1));
  assert.match(await words(page), /^idle · 5 %/);
  assert.equal(await page.$eval('.ring', (ring) => ring.tagName), 'path');
  await page.mouse.move(...await at(page, 0.3, 2));
  assert.match(await words(page), /^parse · 40 % \(40\) · self 10 % \(10\)$/);
  await page.mouse.move(...await at(page, 0.9, 2));
  assert.match(await words(page), /^render · 55 %/);
  await page.mouse.click(...await at(page, 0.9, 2));
  await page.waitForFunction(() => window.location.hash === '#zoom=main;render');
  assert.equal(await page.locator('.cell.above').count(), 2);
  await page.mouse.move(...await at(page, 0.3, 1));
  assert.match(await words(page), /^box · 40 % \(40\) · 72.7 % of the zoomed · self 40 %/);
  await cell(page, 'main ·').click();
  await page.waitForFunction(() => window.location.hash === '#zoom=main');
  assert.equal(fragment(page), '#zoom=main');
  await page.keyboard.press('0');
  assert.equal(fragment(page), '');
  await close(page);
});

test('the keyboard walks, search finds, the fragment keeps', async () => {
  const page = await open(picture, { fragment: '#zoom=main;render&search=box' });
  assert.match(await status(page), /^1 match · 40 %/);
  assert.equal(await page.locator('.fill.hit').count(), 1);
  await page.keyboard.press('F3');
  assert.match(await words(page), /^box · /);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Home');
  for (const [key, name] of [['ArrowDown', 'all'], ['ArrowDown', 'main'], ['ArrowDown', 'render'], ['ArrowLeft', 'parse'], ['ArrowDown', 'read'], ['ArrowUp', 'parse']]) {
    await page.keyboard.press(key);
    assert.ok((await words(page)).startsWith(`${name} ·`), `${key}: ${await words(page)}`);
  }
  await page.keyboard.press('Enter');
  assert.equal(fragment(page), '#zoom=main;parse');
  await close(page);
});

test('rings follow the window', async () => {
  const page = await open(draw(shop, '--view', 'sunburst'), { viewport: { width: 500, height: 800 } });
  assert.equal(await page.evaluate(() => document.documentElement.viewBox.baseVal.width), 500);
  const boxes = await page.$$eval('.cell path', (all) => all.map((each) => each.getBoundingClientRect()).map(({ left, right }) => [left, right]));
  assert.ok(boxes.length > 20 && boxes.every(([left, right]) => left >= 15 && right <= 485));
  await close(page);
});
