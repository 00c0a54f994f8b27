import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { after } from 'node:test';
import { PNG } from 'pngjs';
import { close, draw, end, file, open, shop, shopArcs, still, test } from './lib.mjs';

after(end);

// Share of the pixels that differ by more than a shade, and the mean difference of all (0 to 255).
function difference(one, other) {
  const a = PNG.sync.read(one);
  const b = PNG.sync.read(other);
  assert.deepEqual([b.width, b.height], [a.width, a.height]);
  let sum = 0;
  let far = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    const apart = Math.max(...[0, 1, 2].map((k) => Math.abs(a.data[i + k] - b.data[i + k])));
    sum += apart;
    far += apart > 96;
  }
  return { mean: sum * 4 / a.data.length, far: far * 4 / a.data.length };
}

async function shot(path, options) {
  const page = await open(path, options);
  const size = await page.evaluate(() => ({ width: Math.round(document.documentElement.viewBox.baseVal.width), height: Math.floor(document.documentElement.viewBox.baseVal.height) }));
  await page.setViewportSize(size);
  await page.evaluate(() => document.querySelectorAll('.controls').forEach((each) => each.remove()));
  const image = await page.screenshot();
  await close(page);
  return [image, size];
}

for (const [label, input, ...options] of [['flame', shop], ['icicle', shop, '--view', 'icicle'], ['chart', 'samples/trace/bakery.trace', '--view', 'chart'], ['treemap', shop, '--view', 'treemap'], ['treemap by files', shop, '--view', 'treemap', '--by', 'files'], ['estimated flame', shopArcs, '--view', 'flame'], ['comparison', 'samples/collapsed/before-after.folded'], ['sunburst', shopArcs, '--view', 'sunburst', '--width', '880'], ['graph', shopArcs],
  ['graph by module', shop, '--view', 'graph', '--cluster', 'module']])
  test(`four faces of one ${label}`, async () => {
    const own = draw(input, ...options, '--no-js');
    const bare = file('bare.svg', still(own).replace(/<style>[\s\S]*?<\/style>/g, '').replace(/ class="[^"]*"/g, ''));
    const [script, size] = await shot(draw(input, ...options));
    const [noScript] = await shot(own, { wait: false });
    const [noStyle] = await shot(bare, { wait: false });
    const limits = { script: [noScript, 0.002], style: [noStyle, 0] };
    for (const [face, [image, most]] of Object.entries(limits)) {
      const { far } = difference(script, face === 'style' ? noScript : image);
      assert.ok(far <= 0.002, `${face}: ${far}`);
      if (!most)
        assert.equal(difference(noScript, image).far, 0, face);
    }
    const rsvg = execFileSync('rsvg-convert', ['--width', String(size.width), own], { maxBuffer: 1 << 28 });
    const cropped = PNG.sync.read(rsvg);
    const whole = new PNG(size);
    PNG.bitblt(cropped, whole, 0, 0, size.width, Math.min(size.height, cropped.height), 0, 0);
    const { mean } = difference(noScript, PNG.sync.write(whole));
    assert.ok(mean < 4, `rsvg-convert: ${mean}`);
  });

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

const goldens = readdirSync('tests/golden').filter((name) => name.endsWith('.svg'));
for (const colorScheme of ['light', 'dark']) {
  for (const name of goldens)
    test(`text reads and keeps its room: ${name}, ${colorScheme}`, async () => {
      const page = await open(file(name, readFileSync(`tests/golden/${name}`)), { wait: false, colorScheme });
      assert.deepEqual(await page.evaluate(inspect), []);
      await close(page);
    });
  for (const [label, fragment, input, ...options] of [['flame', '', shop], ['zoomed', '#zoom=%3Cmodule%3E%20(shop.py:1);main%20(shop.py:110)', shop], ['sought', '#search=Shop', shop],
    ['estimated', '', shopArcs, '--view', 'flame'], ['treemap', '', shop, '--view', 'treemap'], ['zoomed treemap', '#zoom=%3Cmodule%3E%20(shop.py:1);main%20(shop.py:110);Shop.open%20(shop.py:102);Shop.serve%20(shop.py:69)', shop, '--view', 'treemap'], ['sunburst', '', shopArcs, '--view', 'sunburst'], ['graph', '', shopArcs], ['sought graph', '#search=e', shopArcs], ['narrow', '', shop, '--title', 'A title that is much too long for the room that is left']])
    test(`text reads and keeps its room with the script: ${label}, ${colorScheme}`, async () => {
      const page = await open(draw(input, ...options), { fragment, colorScheme, viewport: { width: label === 'narrow' ? 420 : 1200, height: 800 } });
      assert.deepEqual(await page.evaluate(inspect), []);
      await close(page);
    });
}
