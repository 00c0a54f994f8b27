// Photographs an HTML page of profviz for docs/gallery.md: node docs/gallery.mjs PAGE PICTURE [KEY]
// presses KEY first, which on the page chooses a view.
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [page, picture, key] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu'] });
const tab = await browser.newPage({ viewport: { width: 1100, height: 680 } });
await tab.goto(pathToFileURL(page).href);
await tab.waitForTimeout(600);
if (key) {
  await tab.keyboard.press(key);
  await tab.waitForTimeout(400);
}
await tab.screenshot({ path: picture });
await browser.close();
