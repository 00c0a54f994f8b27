import assert from 'node:assert/strict';
import { after } from 'node:test';
import { cell, cells, close, draw, end, file, fragment, open, status, test, words } from './lib.mjs';

after(end);

// Two threads; calls of one name at several times; narrow ones; gaps.
const trace = file('shop.trace', `# profviz trace 1 unit=ms process=shop
X serve 0 400 thread=9
X parse 10 80 thread=9
X render 100 200 thread=9
X layout 110 50 thread=9
X layout 200 60 thread=9
X serve 600 300 thread=9
X parse 610 20 thread=9
X wipe 950 0.04 thread=9
X wipe 950.05 0.04 thread=9
X wait 100 500 thread=10
X read 150 100 thread=10
X idle 980 20 thread=10
`);
const picture = draw(trace, '--view', 'chart', '--width', '1200');

async function box(page, name) {
  const rect = cell(page, name).locator('rect').first();
  return [Number(await rect.getAttribute('x')), Number(await rect.getAttribute('width'))];
}

// Three thousand calls in four threads, most of them narrow.
function manyCalls() {
  let seed = 7;
  const random = (below) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  const lines = ['# profviz trace 1 unit=us'];
  for (let thread = 1; thread <= 4; thread++)
    for (let at = random(5000), depth = 0; lines.length < thread * 750; at += 1 + random(thread * 40)) {
      depth = random(2) && depth < 9 ? depth + 1 : Math.max(depth - 1, 0);
      lines.push(depth ? `X f${random(30)} ${at} ${1 + random(60)} thread=${thread}` : `X pause ${at += random(3000)} ${random(400)} thread=${thread}`);
    }
  return lines.join('\n') + '\n';
}

const many = file('many.trace', manyCalls());
for (const [label, input] of [['two threads', trace], ['many calls', many]])
  for (const width of ['320', '777', '1200'])
    test(`a still and what the script draws agree: ${label}, ${width} px`, async () => {
      const bare = await open(draw(input, '--view', 'chart', '--width', width, '--no-js'), { wait: false });
      const live = await open(draw(input, '--view', 'chart', '--width', width));
      const shapes = () => [...document.querySelectorAll('g.view text')].map((each) => [each.textContent, each.getAttribute('x'), each.getAttribute('y')].join(' ')).sort();
      assert.deepEqual(await live.evaluate(shapes), await bare.evaluate(shapes));
      const foot = () => [...document.querySelectorAll('g.page text')].map((each) => each.textContent).filter((each) => / gathered, /.test(each));
      assert.deepEqual(await live.evaluate(foot), await bare.evaluate(foot));
      const shape = () => document.documentElement.getAttribute('viewBox');
      assert.equal(await live.evaluate(shape), await bare.evaluate(shape));
      await close(bare);
      await close(live);
    });

test('a click zooms in time, in all threads', async () => {
  const page = await open(picture);
  assert.deepEqual(await box(page, 'render ·'), [132.8, 232.6]);
  await cell(page, 'render ·').click();
  assert.deepEqual(await box(page, 'render ·'), [16, 1167]);
  assert.deepEqual(await box(page, 'wait ·'), [16, 1167]);
  assert.ok(!(await cells(page)).includes('idle'));
  assert.match(fragment(page), /^#zoom=process shop;/);
  assert.equal(await page.locator('g.view > text').first().textContent(), '100 ms');
  await page.keyboard.press('0');
  assert.deepEqual(await box(page, 'render ·'), [132.8, 232.6]);
  assert.equal(fragment(page), '');
  await close(page);
});

test('the zoomed call is in the URL, by name and time', async () => {
  const page = await open(picture);
  await page.locator('.cell[aria-label^="layout ·"]').nth(1).click();
  const where = fragment(page);
  await close(page);
  const again = await open(picture, { fragment: where });
  assert.deepEqual(await box(again, 'layout ·'), [16, 1167]);
  await cell(again, 'layout ·').hover();
  assert.match(await words(again), /^layout · 6 % \(60 ms\) · 100 % of the zoomed · self 6 % \(60 ms\) · at 200 ms$/);
  await close(again);
});

test('search counts all threads, nested calls once', async () => {
  const page = await open(picture);
  await page.keyboard.press('/');
  await page.keyboard.type('serve');
  assert.match(await status(page), /^2 matches · 57\.\d+ %/);
  await page.keyboard.press('Enter');
  assert.match(await status(page), /^1 of 2/);
  await close(page);
});

test('lanes say how long they were busy, and arrows walk', async () => {
  const page = await open(picture);
  await cell(page, 'thread 9 ·').hover();
  assert.match(await words(page), /^thread 9 · 70 % \(700 ms\) in calls$/);
  await cell(page, 'all ·').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  assert.match(await words(page), /^serve · 40 % \(400 ms\)/);
  await page.keyboard.press('ArrowRight');
  assert.match(await words(page), /^serve · 30 % \(300 ms\) · self 28 % \(280 ms\) · at 600 ms$/);
  await close(page);
});
