import assert from 'node:assert/strict';
import { after } from 'node:test';
import { close, draw, end, fragment, open, shop, shopArcs, status, test, words } from './lib.mjs';

after(end);

const picture = draw('main;a;c 50\nmain;b;c 20\nmain;b;d 10\nmain;b 5\nmain;a;e 15\n', '--view', 'graph');

function near(page) {
  return page.$$eval('.b.near', (all) => all.map((each) => each.getAttribute('aria-label').split(' ')[0]).sort());
}

function box(page, name) {
  return page.locator(`.b[aria-label^="${name} "]`);
}

test('pointing at a function shows its callers and callees', async () => {
  const page = await open(picture);
  await box(page, 'b').hover();
  assert.deepEqual(await near(page), ['c', 'd', 'main']);
  assert.match(await words(page), /^b · self 5 % \(5\), total 35 % \(35\)/);
  assert.equal(await page.locator('.e.near').count(), 3);
  await page.mouse.move(2, 300);
  assert.deepEqual(await near(page), []);
  await close(page);
});

test('pointing at an arrow shows its ends', async () => {
  const page = await open(picture);
  await page.locator('.e').first().dispatchEvent('pointerenter');
  assert.equal((await near(page)).length, 2);
  assert.match(await words(page), / → .* · [\d.]+ %/);
  await close(page);
});

test('a click keeps it, Escape lets go, the fragment knows', async () => {
  const page = await open(picture);
  await box(page, 'b').click();
  await page.mouse.move(2, 300);
  assert.deepEqual(await near(page), ['c', 'd', 'main']);
  assert.equal(fragment(page), '#zoom=b');
  assert.equal(await box(page, 'b').getAttribute('aria-pressed'), 'true');
  await page.keyboard.press('Escape');
  assert.equal(fragment(page), '');
  const again = await open(picture, { fragment: '#zoom=a&search=c' });
  assert.equal(await box(again, 'a').getAttribute('aria-pressed'), 'true');
  assert.equal(await again.locator('.b.hit').count(), 1);
  await close(again);
  await close(page);
});

test('searching', async () => {
  const page = await open(picture);
  await page.keyboard.press('/');
  await page.keyboard.type('/^[ce]$/');
  assert.equal(await status(page), '2 matches · 85 % self');
  await page.keyboard.press('Enter');
  assert.equal(await status(page), '1 of 2 · 85 % self');
  assert.equal(await page.locator('.b.on').count(), 1);
  await page.keyboard.press('Shift+Enter');
  assert.equal(await status(page), '2 of 2 · 85 % self');
  await page.getByRole('searchbox').fill('/[/');
  assert.match(await status(page), /Invalid/);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.b.hit').count(), 0);
  await close(page);
});

test('the keyboard walks along arrows', async () => {
  const page = await open(picture);
  await box(page, 'main').focus();
  for (const [key, name] of [['ArrowDown', 'a'], ['ArrowRight', 'b'], ['ArrowLeft', 'a'], ['ArrowDown', 'c'], ['ArrowRight', 'e'], ['ArrowUp', 'a'],
    ['ArrowUp', 'main'], ['ArrowUp', 'main']]) {
    await page.keyboard.press(key);
    assert.ok((await words(page)).startsWith(`${name} ·`), `${key}: ${await words(page)}`);
  }
  await page.keyboard.press('Enter');
  assert.equal(fragment(page), '#zoom=main');
  await page.keyboard.press('Enter');
  assert.equal(fragment(page), '');
  await close(page);
});

test('the head is the program\'s own', async () => {
  for (const input of [shop, shopArcs]) {
    const page = await open(draw(input, '--view', 'graph'));
    const own = await open(draw(input, '--view', 'graph', '--no-js'), { wait: false });
    const head = (on) => on.$$eval('.page text', (all) => all.filter((each) => each.textContent)
      .map((each) => `${each.textContent}@${each.getAttribute('x')},${each.getAttribute('y')}`).sort());
    assert.deepEqual(await head(page), await head(own));
    await close(own);
    await close(page);
  }
});
