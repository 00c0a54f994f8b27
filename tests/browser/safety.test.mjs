import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import { browser, cell, close, draw, end, file, manyStacks, open, profviz, shop, shopArcs, still, test } from './lib.mjs';

after(end);

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const hostile = draw('</script><script>alert(1)</script>;<img src=x onerror=alert(2)>;]]>&amp;"\'` 3\n__proto__;constructor;toString 2\n\u202eabc;%3Cb%3E 1\n');

for (const [label, path] of [['flame', draw(shop)], ['icicle', draw(shop, '--view', 'icicle')], ['graph', draw(shopArcs)], ['treemap', draw(shop, '--view', 'treemap')], ['estimated', draw(shopArcs, '--view', 'flame')], ['sunburst', draw(shop, '--view', 'sunburst')],
  ['20,000 frames', draw(manyStacks(), '--minwidth', '0.01px')], ['hostile', hostile]])
  test(`axe finds nothing: ${label}`, async () => {
    const bare = still(path).replace(/^<\?xml.*\n/, '');
    const page = await open(file('axe.html', `<!doctype html><html lang="en"><meta charset="utf-8"><title>${label}</title><main><h1>${label}</h1>${bare}</main>`), { colorScheme: 'light' });
    await page.evaluate(axe);
    // Only a label that is cut ("pars…") may not be in the name: nobody can say it.
    const check = () => page.evaluate(() => window.axe.run(document, { rules: { 'label-content-name-mismatch': { enabled: true } } })
      .then((result) => result.violations.flatMap((each) => each.nodes.filter((node) => each.id !== 'label-content-name-mismatch' || !document.querySelector(node.target[0]).textContent.includes('…'))
        .slice(0, 2).map((node) => `${each.id}: ${each.help}: ${node.html.slice(0, 300)}`))));
    assert.deepEqual(await check(), []);
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.deepEqual(await check(), [], 'dark');
    await page.getByRole('button', { name: 'Keys', exact: true }).click();
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await page.keyboard.type('a');
    assert.deepEqual(await check(), [], 'dark, with what the keys open');
    await page.emulateMedia({ colorScheme: 'light' });
    assert.deepEqual(await check(), [], 'with what the keys open');
    await close(page);
  });

test('a table as a page: axe finds nothing, and it loads and runs nothing', async () => {
  const path = file('lines.html', profviz('lines', 'samples/callgrind/mill.out', '--source-path', 'samples/mill', '-T', 'html', '-o', '-'));
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ colorScheme });
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(path).href);
    assert.equal(await page.locator('tr.g').count(), 9);
    assert.ok((await page.locator('script').count()) === 0 && asked.length === 1);
    await page.evaluate(axe);
    assert.deepEqual(await page.evaluate(() => window.axe.run(document).then((result) => result.violations.map((each) => `${each.id}: ${each.nodes[0].html.slice(0, 200)}`))), []);
    await page.close();
  }
});

async function served(body, type, headers, run) {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/' ? 200 : 404, { 'Content-Type': type, ...headers });
    response.end(request.url === '/' ? body : '');
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  await run(`http://127.0.0.1:${server.address().port}/`);
  server.close();
}

test('a policy that allows its hash lets the script run, and no other does', async () => {
  const hash = profviz('--csp-hash').trim();
  const policy = (allowed) => ({ 'Content-Security-Policy': `default-src 'none'; style-src 'unsafe-inline'; script-src ${allowed}` });
  await served(still(draw(shop)), 'image/svg+xml', policy(hash), async (url) => {
    const page = await open(url);
    await cell(page, 'shop.py:Shop.serve').click();
    assert.match(page.url(), /#zoom=/);
    await close(page);
  });
  await served(still(draw(shop)), 'image/svg+xml', policy("'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='"), async (url) => {
    const page = await open(url, { wait: false });
    assert.equal(await page.locator('svg[data-live]').count(), 0);
    assert.ok(await page.locator('.view .f').first().isVisible());
    page.failures.length = 0;
    await close(page);
  });
});

test('the same in a page with a meta tag', async () => {
  const hash = profviz('--csp-hash').trim();
  const bare = still(draw(shopArcs)).replace(/^<\?xml.*\n/, '');
  const page = await open(file('page.html', `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src ${hash}"><title>page</title>${bare}`));
  assert.ok(await page.locator('.b[tabindex]').count() > 3);
  await close(page);
});

test('nothing is asked from anywhere', async () => {
  for (const path of [draw(shop), draw(shopArcs)]) {
    const page = await open(path);
    assert.deepEqual(await page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name)), []);
    await close(page);
  }
});

test('hostile names stay names', async () => {
  const page = await open(hostile);
  let dialogs = 0;
  page.on('dialog', (dialog) => {
    dialogs++;
    dialog.dismiss();
  });
  await page.locator('.cell').nth(2).click();
  await page.keyboard.press('0');
  assert.equal(dialogs, 0);
  assert.equal(await page.locator('img, b, .view script').count(), 0);
  assert.equal(await cell(page, '</script><script>alert(1)</script> ·').count(), 1);
  assert.equal(await cell(page, '__proto__ ·').count(), 1);
  await page.keyboard.press('/');
  await page.keyboard.type('</script>');
  assert.match(await page.$eval('[role=status]', (all) => all.textContent), /^1 match · 50 %/);
  await close(page);
});

test('without a script nothing moves, and all is told', async () => {
  const page = await open(draw(shop, '--no-js'), { wait: false });
  assert.equal(await page.locator('script').count(), 0);
  assert.equal(await page.locator('.controls').count(), 0);
  assert.match(await page.$eval('.f:nth-child(4) title', (title) => title.textContent), /\n[\d.]+ %/);
  await close(page);
});

test('dark where the reader wants it, light on paper', async () => {
  for (const path of [draw(shop), draw(shopArcs)]) {
    const page = await open(path, { colorScheme: 'dark' });
    const colour = () => page.$eval('rect.bg', (rect) => getComputedStyle(rect).fill);
    assert.equal(await colour(), 'rgb(13, 17, 23)');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    assert.equal(await colour(), 'rgb(255, 255, 255)');
    assert.equal(await page.locator('.controls').isVisible(), false);
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
    assert.equal(await colour(), 'rgb(255, 255, 255)');
    await close(page);
  }
});

for (const [theme, background] of [['dark', 'rgb(13, 17, 23)'], ['light', 'rgb(255, 255, 255)']])
  test(`--theme ${theme} holds whatever the reader has`, async () => {
    const page = await open(draw(shop, '--theme', theme), { colorScheme: theme === 'dark' ? 'light' : 'dark' });
    assert.equal(await page.$eval('rect.bg', (rect) => getComputedStyle(rect).fill), background);
    await close(page);
  });
