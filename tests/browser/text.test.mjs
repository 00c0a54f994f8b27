import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after } from 'node:test';
import { close, draw, end, file, open, shop, shopArcs, test } from './lib.mjs';

after(end);

// Runs in the page: what is written on what, and how well it reads.
function inspect() {
  const channel = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const parse = (text) => text.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255);
  const luminance = (rgb) => rgb.map(channel).reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
  const problems = [];
  const rects = [...document.querySelectorAll('rect')].filter((rect) => !rect.closest('.ring, pattern, defs') && !rect.matches('.ring')).map((rect) => ({ rect, box: rect.getBoundingClientRect(), style: getComputedStyle(rect) }))
    .filter(({ style }) => style.fill.startsWith('rgb'));
  const texts = [...document.querySelectorAll('text')].filter((text) => text.textContent && !text.closest('.controls')).map((text) => ({ text, box: text.getBoundingClientRect() }));
  const back = parse(getComputedStyle(document.querySelector('rect.bg')).fill);
  const page = document.querySelector('rect.bg').getBoundingClientRect();
  for (const { text, box } of texts) {
    const words = text.textContent.slice(0, 40);
    const x = box.x + box.width / 2;
    const y = box.y + box.height / 2;
    let under = back;
    for (const each of rects)
      if (each.box.x <= x && each.box.right >= x && each.box.y <= y && each.box.bottom >= y && each.rect.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING) {
        const share = Number(each.style.fillOpacity);
        under = parse(each.style.fill).map((part, i) => part * share + under[i] * (1 - share));
      }
    const [light, dark] = [luminance(under), luminance(parse(getComputedStyle(text).fill))].sort((a, b) => b - a);
    if ((light + 0.05) / (dark + 0.05) < 4.5)
      problems.push(`contrast ${((light + 0.05) / (dark + 0.05)).toFixed(2)}: ${words}`);
    const holder = text.closest('.f, .b, .cell')?.querySelector('rect');
    const room = holder ? holder.getBoundingClientRect() : page;
    if (box.x < room.x - 0.5 || box.right > room.right + 0.5)
      problems.push(`leaves its box: ${words}`);
  }
  const sorted = texts.map(({ text, box }) => ({ text, words: text.textContent, box })).sort((a, b) => a.box.y - b.box.y);
  // Words that are turned are compared as what they are, rectangles that stand at any angle.
  const isTurned = ({ text }) => text.hasAttribute('transform');
  const corners = ({ text }) => {
    const { x, y, width, height } = text.getBBox();
    const matrix = text.getScreenCTM();
    return [[x, y + height * 0.2], [x + width, y + height * 0.2], [x + width, y + height * 0.8], [x, y + height * 0.8]].map(([px, py]) => new DOMPoint(px, py).matrixTransform(matrix));
  };
  const along = (points, dx, dy) => points.map((point) => point.x * dx + point.y * dy);
  const isApart = (a, b) => [a, b].some((points) => [0, 1].some((i) => {
    const [dx, dy] = [points[i + 1].x - points[i].x, points[i + 1].y - points[i].y];
    const [first, second] = [along(a, dx, dy), along(b, dx, dy)];
    return Math.max(...first) <= Math.min(...second) + 0.5 * Math.hypot(dx, dy) || Math.max(...second) <= Math.min(...first) + 0.5 * Math.hypot(dx, dy);
  }));
  // Letters take the middle of the line's height.
  const high = (box) => [box.y + box.height * 0.2, box.bottom - box.height * 0.2];
  sorted.forEach(({ words, box }, i) => {
    for (let k = i + 1; k < sorted.length && high(sorted[k].box)[0] < high(box)[1]; k++)
      if (sorted[k].box.x < box.right - 0.5 && box.x < sorted[k].box.right - 0.5 && !((isTurned(sorted[i]) || isTurned(sorted[k])) && isApart(corners(sorted[i]), corners(sorted[k]))))
        problems.push(`overlap: ${words.slice(0, 40)} / ${sorted[k].words.slice(0, 40)}`);
  });
  return problems;
}

// Both in one page: what a reader sees who changes the scheme.
async function checkSchemes(page) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await page.evaluate(inspect), [], colorScheme);
  }
  await close(page);
}

for (const name of readdirSync('tests/golden').filter((each) => each.endsWith('.svg')))
  test(`text reads and keeps its room: ${name}`, async () => {
    await checkSchemes(await open(file(name, readFileSync(`tests/golden/${name}`)), { wait: false, colorScheme: 'light' }));
  });

for (const [label, fragment, input, ...options] of [['flame', '', shop], ['zoomed', '#zoom=%3Cmodule%3E%20(shop.py:1);main%20(shop.py:110)', shop], ['sought', '#search=Shop', shop],
  ['estimated', '', shopArcs, '--view', 'flame'], ['treemap', '', shop, '--view', 'treemap'], ['zoomed treemap', '#zoom=%3Cmodule%3E%20(shop.py:1);main%20(shop.py:110);Shop.open%20(shop.py:102);Shop.serve%20(shop.py:69)', shop, '--view', 'treemap'], ['sunburst', '', shopArcs, '--view', 'sunburst'], ['graph', '', shopArcs], ['sought graph', '#search=e', shopArcs], ['narrow', '', shop, '--title', 'A title that is much too long for the room that is left']])
  test(`text reads and keeps its room with the script: ${label}`, async () => {
    await checkSchemes(await open(draw(input, ...options), { fragment, colorScheme: 'light', viewport: { width: label === 'narrow' ? 420 : 1200, height: 800 } }));
  });
