// The page of many profiles: sorting, and that it needs neither script nor style.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after } from 'node:test';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readFileSync } from 'node:fs';
import { browser, end, file, folder, profviz, shop, shopArcs, test } from './lib.mjs';

after(end);

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const path = join(folder, 'report.html');
profviz('report', shop, shopArcs, file('one.folded', 'a;b 1\nc<img src=x onerror=alert(1)> 2\n'), '-o', path);

async function open(options) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, bypassCSP: false, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(pathToFileURL(path).href);
  return { page, complaints, context };
}

const names = (page) => page.$$eval('#all tbody th', (cells) => cells.map((cell) => cell.textContent));

test('sorts, shows its pictures, keeps to its policy', async () => {
  const { page, complaints, context } = await open();
  const byInput = await names(page);
  await page.click('#all thead button:text-is("total")');
  assert.equal(await page.getAttribute('#all thead th:has-text("total")', 'aria-sort'), 'descending');
  assert.match((await names(page))[0], /shop\.folded/);
  await page.click('#all thead button:text-is("total")');
  assert.match((await names(page))[0], /shop\.pstats|one\.folded/);
  await page.click('#all thead button:text-is("#")');
  assert.deepEqual(await names(page), byInput);
  await page.click('#all thead button:text-is("profile")');
  assert.deepEqual(await names(page), [...byInput].sort());
  await page.locator('#p1 img').scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelector('#p1 img').naturalWidth > 300);
  assert.equal(await page.$('#all img, #all [onerror]'), null);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('is complete without a script, and accessible', async () => {
  const still = await open({ javaScriptEnabled: false });
  assert.equal((await still.page.locator('#all tbody tr').count()), 3);
  assert.match(await still.page.textContent('#p2'), /search/);
  await still.context.close();
  const { page, context } = await open({ bypassCSP: true, colorScheme: 'dark' });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), []);
  await context.close();
});
