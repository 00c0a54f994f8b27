// What the tests in a browser share: the program, the browser, pages.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test as nodeTest } from 'node:test';
import { chromium } from 'playwright-core';

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

export const folder = mkdtempSync(join(tmpdir(), 'profviz-browser-'));
export const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });

// A test that hangs is one that fails; nothing takes a tenth of this where the machine has nothing else to do.
export function test(name, run) {
  return nodeTest(name, { timeout: 120000 }, run);
}

export async function end() {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

export function profviz(...options) {
  return execFileSync(process.env.PROFVIZ ?? 'build/profviz', ['-q', ...options], { encoding: 'utf8', maxBuffer: 1 << 28 });
}

// Writes a file of the test's and returns its path.
export function file(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

let drawn = 0;

function drawAs(ending, stacks, options) {
  const input = stacks.includes('\n') ? file('stacks.folded', stacks) : stacks;
  const output = join(folder, `${++drawn}.${ending}`);
  profviz(input, '-o', output, ...options);
  return output;
}

// A picture's path, or an HTML page's. Stacks are lines of a collapsed file or a path.
export function draw(stacks, ...options) {
  return drawAs('svg', stacks, options);
}

export function write(stacks, ...options) {
  return drawAs('html', stacks, options);
}

export const shop = 'samples/shop/shop.folded';
export const shopArcs = 'samples/shop/shop.pstats';

// Nearly twenty thousand frames, or as many as wanted: 20 × 20 × 48 stacks of three, all different.
export function manyStacks([ones, twos, threes] = [20, 20, 48]) {
  const lines = [];
  for (let a = 0; a < ones; a++)
    for (let b = 0; b < twos; b++)
      for (let c = 0; c < threes; c++)
        lines.push(`app/a${a}.py:handle_${a};lib/b${b}.py:Parser.parse_${b};std::c${c}::find ${1 + ((a * 7 + b * 3 + c) % 50)}`);
  return lines.join('\n') + '\n';
}

// Opens a picture; errors of its script fail the test.
export async function open(path, { fragment = '', wait = true, ...options } = {}) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 }, ...options });
  page.failures = [];
  page.on('pageerror', (error) => page.failures.push(error.message));
  page.on('console', (message) => message.type() === 'error' && page.failures.push(message.text()));
  await page.goto(path.startsWith('http') ? path : pathToFileURL(path).href + fragment);
  if (wait)
    await page.waitForSelector('svg[data-live]', { state: 'attached' });
  return page;
}

// The same of an HTML page, when it shows what it has.
export async function openPage(path, options) {
  const page = await open(path, { wait: false, ...options });
  await page.waitForSelector('html[data-live]', { state: 'attached' });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return page;
}

export async function close(page) {
  const { failures } = page;
  await page.close();
  if (failures.length)
    throw new Error(failures.join('\n'));
}

// The cell of a function, by the beginning of what it says of itself.
export function cell(page, name) {
  return page.locator(`.cell[aria-label^="${name}"]`).first();
}

export function words(page) {
  return page.evaluate(() => document.querySelector('.page .said')?.textContent || '');
}

export function status(page) {
  return page.evaluate(() => document.querySelector('[role=status]').textContent);
}

export function fragment(page) {
  return decodeURIComponent(new URL(page.url()).hash);
}

// Names of the cells that have an element, by level.
export function cells(page) {
  return page.$$eval('.cell', (all) => all.map((each) => each.getAttribute('aria-label').split(' · ')[0]));
}

export function still(path) {
  return readFileSync(path, 'utf8');
}
