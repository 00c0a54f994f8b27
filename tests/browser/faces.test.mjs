import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after } from 'node:test';
import { PNG } from 'pngjs';
import { close, draw, end, file, open, shop, shopArcs, still, test } from './lib.mjs';

after(end);

// Share of the pixels that differ by more than a shade, and the mean difference of all (0 to 255).
function difference(a, b) {
  assert.deepEqual([b.width, b.height], [a.width, a.height]);
  const [one, other] = [a.data, b.data];
  let sum = 0;
  let far = 0;
  for (let i = 0; i < one.length; i += 4) {
    const apart = Math.max(Math.abs(one[i] - other[i]), Math.abs(one[i + 1] - other[i + 1]), Math.abs(one[i + 2] - other[i + 2]));
    sum += apart;
    far += apart > 96;
  }
  return { mean: sum * 4 / one.length, far: far * 4 / one.length };
}

async function shot(path, options) {
  const page = await open(path, options);
  const size = await page.evaluate(() => ({ width: Math.round(document.documentElement.viewBox.baseVal.width), height: Math.floor(document.documentElement.viewBox.baseVal.height) }));
  await page.setViewportSize(size);
  await page.evaluate(() => document.querySelectorAll('.controls').forEach((each) => each.remove()));
  const image = PNG.sync.read(await page.screenshot());
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
    for (const [face, one, other, most] of [['script', script, noScript, 0.002], ['style', noScript, noStyle, 0]]) {
      const { far } = difference(one, other);
      assert.ok(far <= most, `${face}: ${far}`);
    }
    const rsvg = execFileSync('rsvg-convert', ['--width', String(size.width), own], { maxBuffer: 1 << 28 });
    const cropped = PNG.sync.read(rsvg);
    const whole = new PNG(size);
    PNG.bitblt(cropped, whole, 0, 0, size.width, Math.min(size.height, cropped.height), 0, 0);
    const { mean } = difference(noScript, whole);
    assert.ok(mean < 4, `rsvg-convert: ${mean}`);
  });
