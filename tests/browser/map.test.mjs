import assert from 'node:assert/strict';
import { after } from 'node:test';
import { cell, close, draw, end, fragment, manyStacks, open, shop, status, test, words } from './lib.mjs';

after(end);

const picture = draw('main;parse;read 30\nmain;parse 10\nmain;render;box 40\nmain;render;text 15\nidle 5\n', '--view', 'treemap');
const many = draw(manyStacks(), '--view', 'treemap');

function boxOf(page, name) {
  return cell(page, name).locator('rect').first().evaluate((rect) => ['x', 'y', 'width', 'height'].map((each) => Number(rect.getAttribute(each))));
}

test('a click zooms, a crumb leads back', async () => {
  const page = await open(picture);
  const [, , before] = await boxOf(page, 'box ·');
  await cell(page, 'render ·').click({ position: { x: 20, y: 8 } });
  assert.equal(fragment(page), '#zoom=main;render');
  assert.equal((await boxOf(page, 'render ·'))[2], 1167);
  assert.ok((await boxOf(page, 'box ·'))[2] > before);
  assert.equal(await page.locator('.cell.above').count(), 2);
  const [x, y, , height] = await boxOf(page, 'main ·');
  assert.equal(height, 19);
  await page.mouse.click(x + 5, y + 5);
  await page.waitForFunction(() => window.location.hash === '#zoom=main');
  await page.keyboard.press('0');
  assert.equal(fragment(page), '');
  await close(page);
});

test('pointing tells the innermost', async () => {
  const page = await open(picture);
  await cell(page, 'box ·').hover();
  assert.equal(await words(page), 'box · 40 % (40) · self 40 % (40)');
  assert.equal(await page.$eval('.view > title', (title) => title.textContent), 'box\n40 % (40) · self 40 % (40)');
  const [x, y] = await boxOf(page, 'render ·');
  await page.mouse.move(x + 8, y + 6);
  assert.match(await words(page), /^render · 55 %/);
  await close(page);
});

test('the keyboard goes in and out', async () => {
  const page = await open(picture);
  for (const [key, name] of [['Tab', ''], ['ArrowDown', 'all'], ['ArrowDown', 'main'], ['ArrowDown', 'render'], ['ArrowRight', 'parse'], ['ArrowLeft', 'render'],
    ['ArrowDown', 'box'], ['ArrowUp', 'render']]) {
    await page.keyboard.press(key);
    if (name)
      assert.ok((await words(page)).startsWith(`${name} ·`), `${key}: ${await words(page)}`);
  }
  await page.keyboard.press('Enter');
  assert.equal(fragment(page), '#zoom=main;render');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-level')), '3');
  await close(page);
});

test('searching, and the fragment', async () => {
  const page = await open(picture, { fragment: '#zoom=main;render&search=box' });
  assert.match(await status(page), /^1 match · 40 %/);
  assert.equal(await page.locator('.fill.hit').count(), 1);
  await page.keyboard.press('F3');
  assert.match(await words(page), /^box · /);
  await close(page);
});

for (const [label, path] of [['by calls', draw(shop, '--view', 'treemap')], ['by files', draw(shop, '--view', 'treemap', '--by', 'files')], ['20,000 cells', many]])
  test(`${label}: cells lie inside of each other, and follow the window`, async () => {
    const page = await open(path);
    for (const width of [1200, 700]) {
      await page.setViewportSize({ width, height: 800 });
      await page.waitForFunction((wide) => document.documentElement.viewBox.baseVal.width === wide, width);
      const all = await page.$$eval('.cell', (cells) => cells.map((each) => {
        const rect = each.querySelector('rect');
        const [x, y, wide, high] = ['x', 'y', 'width', 'height'].map((name) => Number(rect.getAttribute(name)));
        return { level: Number(each.getAttribute('aria-level')), x, y, right: x + wide, bottom: y + high };
      }));
      assert.ok(all.length > 20);
      for (const one of all.filter((each) => each.level === 3))
        assert.ok(all.some((each) => each.level === 2 && each.x <= one.x && each.right >= one.right && each.y <= one.y && each.bottom >= one.bottom));
    }
    await close(page);
  });
