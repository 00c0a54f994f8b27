import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after } from 'node:test';
import { close, end, file, folder, manyStacks, open, openPage, profviz, shop, shopArcs, test, write } from './lib.mjs';

after(end);

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const stacks = write(shop);
const arcs = write(shopArcs, '--nodecount', '20');
const huge = write(manyStacks([40, 50, 49]));
const hostile = write('</script><script>alert(1)</script>;<img src=x onerror=alert(2)>;]]>&amp;"\'` 3\n__proto__;constructor;toString 2\n\u202eabc;%3Cb%3E 1\n');

function told(page) {
  return page.$eval('.details', (each) => each.textContent);
}

function found(page) {
  return page.$eval('.found', (each) => each.textContent);
}

async function show(page, name) {
  await page.getByRole('tab', { name, exact: true }).click();
}

function fragment(page) {
  return page.evaluate(() => decodeURIComponent(window.location.hash));
}

// Clicks a cell of the flame graph: the level from the root, and where in its width.
async function clickCell(page, level, share = 0.5) {
  const box = await page.locator('.flame .scroll').first().boundingBox();
  const isTop = await page.getByRole('button', { name: 'Root on top' }).getAttribute('aria-pressed') === 'true';
  const y = isTop ? box.y + level * 19 + 9 : box.y + box.height - level * 19 - 10;
  await page.mouse.move(box.x + box.width * share, y);
  await page.mouse.click(box.x + box.width * share, y);
}

test('zoom, details, crumbs, and back; the state in the fragment', async () => {
  const page = await openPage(stacks);
  assert.match(await page.locator('header').textContent(), /shop\.folded.*1,337 samples · 132 functions/);
  await clickCell(page, 4);
  assert.match(await fragment(page), /zoom=<module>.*;Shop\.serve/);
  assert.match(await told(page), /Shop\.serve \(shop\.py:\d+\).*Total69\.9 % \(93\d\)/);
  assert.equal(await page.getByRole('navigation', { name: 'Zoomed to' }).getByRole('button').count(), 4);
  const hash = await page.evaluate(() => window.location.hash);
  await page.keyboard.press('0');
  assert.doesNotMatch(await fragment(page), /zoom=/);
  await page.evaluate((where) => (window.location.hash = where), hash);
  await page.waitForSelector('.crumbs button');
  await page.getByRole('navigation', { name: 'Zoomed to' }).getByRole('button').first().click();
  assert.equal(await page.locator('.crumbs').isVisible(), false);
  await clickCell(page, 5);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.crumbs').isVisible(), false);
  await close(page);
});

test('search: share without nested matches, walking, regular expressions, in all views', async () => {
  const page = await openPage(stacks);
  await page.keyboard.press('/');
  await page.keyboard.type('render');
  await page.waitForFunction(() => document.querySelector('.found').textContent);
  assert.match(await found(page), /^\d+ matches · [\d.]+ % · \d+ functions$/);
  await page.keyboard.press('Enter');
  assert.match(await found(page), /^1 of \d+/);
  await page.keyboard.press('Shift+Enter');
  assert.match(await found(page), /^(\d+) of \1/);
  await show(page, 'Table');
  assert.match(await page.locator('caption').textContent(), /^\d+ functions found/);
  await page.getByRole('searchbox').fill('/^(/');
  await page.waitForFunction(() => /Invalid/.test(document.querySelector('.found').textContent));
  await page.getByRole('searchbox').fill('nowhere');
  await page.waitForFunction(() => /^0 matches · 0 %/.test(document.querySelector('.found').textContent));
  await page.keyboard.press('Escape');
  assert.equal(await found(page), '');
  assert.equal(await page.getByRole('searchbox').inputValue(), '');
  await close(page);
});

test('the table sorts, chooses, and shares what is chosen with the sandwich', async () => {
  const page = await openPage(arcs, { fragment: '#view=table' });
  const column = (n) => page.$$eval('.table tbody tr', (rows, at) => rows.slice(0, 5).map((row) => row.children[at].textContent), n);
  assert.equal(await page.locator('th[aria-sort=descending]').textContent(), 'Self ▾');
  await page.getByRole('button', { name: 'Calls', exact: true }).click();
  const calls = (await column(4)).map((text) => Number(text.replace(/,/g, '')));
  assert.deepEqual(calls, [...calls].sort((a, b) => b - a));
  await page.getByRole('button', { name: 'Function', exact: true }).click();
  assert.equal(await page.locator('th[aria-sort=ascending]').textContent(), 'Function ▴');
  await page.getByRole('button', { name: 'Total', exact: true }).click();
  await page.getByRole('button', { name: /^search \(catalogue\.py/ }).click();
  assert.match(await fragment(page), /fn=search \(catalogue/);
  assert.match(await told(page), /search \(catalogue\.py:\d+\).*Self.*Total.*called [\d,]+ times/);
  await page.locator('.details').getByRole('button', { name: 'Sandwich' }).click();
  assert.match(await page.locator('h2').first().textContent(), /^search \(catalogue/);
  const lists = page.locator('.lists');
  assert.match(await lists.textContent(), /Callers.*choose.*Callees.*nearest|Callers.*choose.*Callees/);
  await lists.getByRole('button', { name: /choose/ }).click();
  assert.match(await fragment(page), /fn=choose/);
  await close(page);
});

test('inverted, root on top, order, colour: what is drawn changes', async () => {
  const page = await openPage(stacks);
  const tree = page.getByRole('tree', { name: 'Flame graph' });
  const shot = async () => (await page.locator('.flame').first().screenshot()).toString('base64');
  const seen = new Set([await shot()]);
  for (const name of ['Root on top', 'Invert']) {
    await page.getByRole('button', { name }).click();
    assert.equal(await page.getByRole('button', { name }).getAttribute('aria-pressed'), 'true');
    await page.mouse.move(0, 0);
    seen.add(await shot());
  }
  for (const [label, value] of [['Order', 'weight'], ['Colour', 'cost']]) {
    await page.getByLabel(label, { exact: true }).selectOption(value);
    seen.add(await shot());
  }
  assert.equal(seen.size, 5);
  assert.match(await fragment(page), /order=weight&inverted=1&root=top&colour=cost/);
  await tree.focus();
  await page.keyboard.press('ArrowDown');
  assert.match(await tree.locator('[aria-selected=true]').textContent(), /Catalogue\.search.*28\.3 %/);
  await close(page);
});

test('the keyboard walks the tree, and says where it is', async () => {
  const page = await openPage(stacks, { fragment: '#root=top' });
  for (const name of ['Flame graph', 'Treemap', 'Sunburst']) {
    await show(page, name);
    const tree = page.getByRole('tree', { name });
    const item = () => tree.locator('[aria-selected=true]');
    await tree.focus();
    assert.match(await item().textContent(), /^all, 100 %/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.match(await item().textContent(), /main \(line \d+\), 98\.4 % \(1,31\d\)/);
    assert.equal(await item().getAttribute('aria-level'), '3');
    assert.equal(await tree.getAttribute('aria-activedescendant'), await item().getAttribute('id'));
    assert.match(await told(page), /Total98\.4 %/);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    assert.match(await fragment(page), /zoom=.*main/);
    await page.keyboard.press('0');
    assert.doesNotMatch(await fragment(page), /zoom=/);
  }
  await close(page);
});

test('tabs, keys, and what is told of them', async () => {
  const page = await openPage(arcs);
  assert.equal(await page.getByRole('tab', { selected: true }).textContent(), 'Call graph');
  await page.getByRole('tab', { selected: true }).focus();
  await page.keyboard.press('Home');
  assert.equal(await page.getByRole('tab', { selected: true }).textContent(), 'Flame graph');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await page.getByRole('tab', { selected: true }).textContent(), 'Call graph');
  await page.locator('body').press('3');
  assert.equal(await page.getByRole('tab', { selected: true }).textContent(), 'Table');
  await page.keyboard.press('?');
  assert.ok(await page.getByRole('dialog').isVisible());
  await page.keyboard.press('Escape');
  assert.equal(await page.getByRole('dialog').isVisible(), false);
  await close(page);
});

test('the call graph shares choice and search', async () => {
  const page = await openPage(arcs);
  const box = page.locator('.graph .b[aria-label*="search"]').first();
  await box.focus();
  assert.ok(await page.locator('.graph .e.near').count() > 0);
  await page.keyboard.press('Enter');
  assert.equal(await box.getAttribute('aria-pressed'), 'true');
  await page.getByRole('searchbox').fill('render');
  await page.waitForSelector('.graph .b.hit');
  await show(page, 'Pie');
  assert.equal(await page.locator('.slices .chosen').count(), 1);
  await close(page);
});

test('time: calls where they were, zoomed and told', async () => {
  const page = await openPage(write('samples/trace/orders.trace'), { fragment: '#view=chart' });
  const tree = page.getByRole('tree', { name: 'Time' });
  const item = () => tree.locator('[aria-selected=true]').textContent();
  await tree.focus();
  assert.match(await item(), /^all, 100 % \(30\.6 ms\)/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  assert.match(await item(), /^thread MainThread, 100 %/);
  await page.keyboard.press('ArrowLeft');
  assert.match(await item(), /^thread Dora, 76\.3 %/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  assert.match(await told(page), /take an order.*Duration65\.2 %/);
  assert.equal(await page.getByRole('combobox', { name: 'Thread' }).count(), 0);
  await page.keyboard.press('0');
  await close(page);
});

test('a comparison: both sides told, changes in the table', async () => {
  const path = join(folder, 'diff.html');
  profviz('diff', file('a.folded', 'main;work 60\nmain;wait 30\nmain;old 10\n'), file('b.folded', 'main;work 90\nmain;wait 30\nmain;fresh 5\n'), '-o', path);
  const page = await openPage(path, { fragment: '#root=top' });
  assert.match(await page.locator('header').textContent(), /100 → 125 \(\+25 %\)/);
  const tree = page.getByRole('tree', { name: 'Flame graph' });
  await tree.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  assert.match(await tree.locator('[aria-selected=true]').textContent(), /^work, 60 → 90 \(\+50 %\), \+30 %/);
  await show(page, 'Table');
  assert.match(await page.locator('tbody tr').first().textContent(), /^6090\+30 %\+30\+30 %\+30work/);
  assert.match(await page.locator('tbody').textContent(), /old gone.*fresh new/);
  await show(page, 'Call graph');
  assert.ok(await page.locator('.graph svg .b').count() >= 4);
  await close(page);
});

test('a comparison of single measurements says that changes may be chance', async () => {
  const path = join(folder, 'measured.html');
  profviz('diff', file('a.folded', 'main;work 60\nmain;wait 30\n'), file('b.folded', 'main;work 90\nmain;wait 30\n'), '--noise', 'measured', '-o', path);
  const page = await openPage(path);
  assert.match(await told(page), /Notesany change may be chance: values were measured/);
  await close(page);
});

test('metrics and threads to choose from', async () => {
  const input = file('two.json', JSON.stringify({ profviz: 1, format: 'x', origin: 'stacks', metrics: [{ name: 'time', unit: 'ns', scale: 1 }, { name: 'space', unit: 'bytes', scale: 1 }],
    functions: [{ name: 'one', flags: ['thread'] }, { name: 'two', flags: ['thread'] }, { name: 'work' }], stacks: { function: [null, 0, 2, 1, 2], parent: [null, 0, 1, 0, 3], self: [[0, 0, 3e6, 0, 1e6], [0, 0, 1024, 0, 3072]] } }));
  const page = await openPage(write(input));
  assert.match(await told(page), /Total4 ms/);
  await page.getByLabel('Metric').selectOption('1');
  assert.match(await told(page), /Total4 KiB/);
  await page.getByLabel('Thread').selectOption('two');
  await show(page, 'Table');
  assert.match(await page.locator('tbody tr').first().textContent(), /75 %3 KiB.*work/);
  assert.match(await fragment(page), /metric=1&thread=two/);
  await close(page);
});

for (const [label, path, colorScheme, views] of [['stacks', stacks, 'light'], ['arcs', arcs, 'dark'], ['hostile', hostile, 'light', ['Table', 'Sandwich', 'Call graph']]])
  test(`axe finds nothing: ${label}, ${colorScheme}`, async () => {
    const page = await openPage(path, { colorScheme });
    await page.evaluate(axe);
    for (const name of views || await page.getByRole('tab').allTextContents()) {
      await show(page, name);
      const violations = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations.flatMap((each) => each.nodes.slice(0, 2).map((node) => `${each.id}: ${each.help}: ${node.html.slice(0, 200)}`))));
      assert.deepEqual(violations, [], name);
    }
    await close(page);
  });

test('hostile names stay names', async () => {
  const page = await openPage(hostile);
  let dialogs = 0;
  page.on('dialog', () => dialogs++);
  for (const name of await page.getByRole('tab').allTextContents())
    await show(page, name);
  await show(page, 'Table');
  assert.equal(await page.locator('img, b').count(), 0);
  assert.equal(await page.getByRole('button', { name: '</script><script>alert(1)</script>' }).count(), 1);
  assert.equal(await page.getByRole('button', { name: '__proto__', exact: true }).count(), 1);
  assert.equal(await page.getByRole('button', { name: '\\u{202e}abc' }).count(), 1);
  assert.equal(dialogs, 0);
  assert.deepEqual(await page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name)), []);
  await close(page);
});

test('a hundred thousand frames: opens, zooms, finds', async () => {
  const page = await openPage(huge);
  await clickCell(page, 1);
  assert.match(await told(page), /handle_\d+/);
  await page.getByRole('searchbox').fill('find');
  await page.waitForFunction(() => /matches/.test(document.querySelector('.found').textContent));
  assert.match(await found(page), /^9\d,?\d{3} matches · 100 % · 49 functions/);
  await page.getByRole('button', { name: 'Invert' }).click();
  assert.match(await found(page), /^49 matches · 100 %/);
  await close(page);
});

test('narrow windows, paper, and without a script', async () => {
  const narrow = await openPage(stacks, { viewport: { width: 360, height: 640 } });
  for (const name of await narrow.getByRole('tab').allTextContents()) {
    await show(narrow, name);
    assert.ok(await narrow.evaluate(() => document.documentElement.scrollWidth <= 360), name);
    assert.ok(await narrow.evaluate(() => [...document.querySelectorAll('.panel')].some((each) => each.clientHeight > 400)), name);
  }
  await close(narrow);
  const page = await openPage(stacks, { colorScheme: 'dark' });
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(13, 17, 23)');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
  assert.equal(await page.locator('.choices').isVisible(), false);
  await close(page);
  const still = await open(stacks, { wait: false, javaScriptEnabled: false });
  assert.ok(await still.getByRole('table').isVisible());
  assert.match(await still.getByRole('table').textContent(), /Catalogue\.search/);
  assert.ok(await still.locator('#still-flame svg').isVisible());
  await close(still);
});

test('where the data is damaged the still page stays, and says so', async () => {
  const broken = file('broken.html', readFileSync(stacks, 'utf8').replace(/(id="pv-data">"H4sI.{40})..../, '$1AAAA'));
  const page = await open(broken, { wait: false });
  await page.waitForSelector('.failed');
  assert.match(await page.getByRole('alert').textContent(), /cannot be interactive here/);
  assert.ok(await page.locator('#still table').isVisible());
  page.failures.length = 0;
  await close(page);
  const nothing = await open(write('# stacks: 0\n'), { wait: false });
  await nothing.getByText('nothing recorded').waitFor();
  await close(nothing);
});
