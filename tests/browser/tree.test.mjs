import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after } from 'node:test';
import { cell, cells, close, draw, end, file, fragment, manyStacks, open, shop, shopArcs, status, still, test, words } from './lib.mjs';

after(end);

// 20 frames: recursion, a spire of names, narrow ones.
const small = `main;parse;read 30
main;parse;parse;read 10
main;parse;lex 5
main;render;layout;box 20
main;render;layout;text 15
main;render;paint 10
main;tiny 1
idle 8
main;render;layout;box;border 1
main;render;layout;box;margin 1
main;emit;write;flush 3
main;emit;write;sync 2
main;emit;close 1
`;
const picture = draw(small, '--minwidth', '0.5px');
const icicle = draw(small, '--view', 'icicle');
const many = draw(manyStacks(), '--minwidth', '0.01px');

// What the second of two columns has more than the first, or less.
const differences = readFileSync('samples/collapsed/before-after.folded', 'utf8').trim().split('\n')
  .map((line) => line.replace(/ (\d+) (\d+)$/, (_, before, after) => ` ${after - before}`)).join('\n') + '\n';

async function widthOf(page, name) {
  return Number(await cell(page, name).locator('rect').first().getAttribute('width'));
}

for (const [label, path, name, inside] of [['20 frames', picture, 'render ·', 'layout ·'], ['20,000 frames', many, 'app/a3.py:handle_3 ·', 'lib/b4.py:Parser.parse_4 ·']]) {
  test(`${label}: a click zooms, ancestors stay`, async () => {
    const page = await open(path);
    const before = await widthOf(page, name);
    await cell(page, name).click();
    assert.ok(before < 600);
    assert.equal(await widthOf(page, name), 1167);
    assert.equal(await cell(page, 'all').getAttribute('class'), 'cell above');
    assert.equal(await widthOf(page, 'all'), 1167);
    assert.ok(await widthOf(page, inside) > 10);
    assert.match(fragment(page), /^#zoom=/);
    await cell(page, 'all').click();
    assert.ok(Math.abs(await widthOf(page, name) - before) < 0.02);
    assert.equal(fragment(page), '');
    await close(page);
  });

  test(`${label}: search`, async () => {
    const page = await open(path);
    await page.keyboard.press('/');
    await page.keyboard.type(name.split(' ')[0]);
    assert.match(await status(page), /^\d+ match(es)? · [\d.]+ %/);
    await page.keyboard.press('Enter');
    assert.match(await status(page), /^1 of \d+ · [\d.]+ %/);
    assert.ok((await words(page)).startsWith(name.split(' ')[0]));
    assert.match(fragment(page), /search=/);
    await close(page);
  });
}

for (const [label, act] of [['0', (page) => page.keyboard.press('0')], ['Home', (page) => page.keyboard.press('Home')],
  ['Escape', (page) => page.keyboard.press('Escape')], ['the button', (page) => page.getByRole('button', { name: 'Reset zoom' }).click()],
  ['the button by keyboard', async (page) => {
    await page.getByRole('button', { name: 'Reset zoom' }).focus();
    await page.keyboard.press('Enter');
  }]])
  test(`the zoom is reset by ${label}`, async () => {
    const page = await open(picture, { fragment: '#zoom=main;render' });
    assert.equal(await widthOf(page, 'render ·'), 1167);
    await act(page);
    assert.ok(await widthOf(page, 'render ·') < 600);
    assert.equal(fragment(page), '');
    assert.equal(await page.getByRole('button', { name: 'Reset zoom' }).count(), 0);
    await close(page);
  });

test('pointing tells name, total, shares and self', async () => {
  const page = await open(picture);
  await cell(page, 'parse ·').hover();
  assert.equal(await words(page), 'parse · 42.1 % (45)');
  await page.mouse.move(5, 5);
  assert.equal(await words(page), '');
  await cell(page, 'main ·').click();
  await cell(page, 'box ·').hover();
  assert.equal(await words(page), 'box · 20.6 % (22) · 22.2 % of the zoomed · self 18.7 % (20)');
  assert.equal(await page.$eval('.view > title', (title) => title.textContent), 'box\n20.6 % (22) · 22.2 % of the zoomed · self 18.7 % (20)');
  await close(page);
});

test('a file and line are told', async () => {
  const page = await open(draw(shop));
  await page.locator('.cell[aria-label*="Shop.serve (line"]').hover();
  assert.match(await words(page), /^Shop\.serve \(shop\.py:\d+\) · [\d.]+ % \([\d,]+\)/);
  await close(page);
});

test('searching: nested matches once, walking, errors, closing', async () => {
  const page = await open(picture);
  await page.keyboard.press('Control+f');
  await page.keyboard.type('parse');
  assert.equal(await status(page), '2 matches · 42.1 %');
  assert.equal(await page.locator('.fill.hit').count(), 2);
  await page.keyboard.press('Enter');
  assert.equal(await status(page), '1 of 2 · 42.1 %');
  await page.keyboard.press('Shift+Enter');
  assert.equal(await status(page), '2 of 2 · 42.1 %');
  await page.keyboard.press('F3');
  assert.equal(await status(page), '1 of 2 · 42.1 %');
  await page.getByRole('searchbox').fill('/^(read|lex)$/');
  assert.equal(await status(page), '3 matches · 42.1 %');
  await page.getByRole('searchbox').fill('/(/');
  assert.match(await status(page), /Invalid regular expression/);
  assert.equal(await page.locator('.fill.hit').count(), 0);
  await page.keyboard.press('Escape');
  assert.equal(await page.getByRole('searchbox').count(), 0);
  assert.equal(await status(page), '');
  assert.equal(fragment(page), '');
  await close(page);
});

test('F3 opens the search, too', async () => {
  const page = await open(picture);
  await page.keyboard.press('F3');
  assert.equal(await page.getByRole('searchbox').count(), 1);
  await close(page);
});

test('what is gathered may match, too', async () => {
  const page = await open(draw(manyStacks() + Array.from({ length: 3000 }, (_, i) => `x${i};y 1\n`).join('')));
  await page.keyboard.press('/');
  await page.keyboard.type('handle_3');
  assert.match(await status(page), /\+ up to [\d.<]+ % in gathered frames$/);
  await close(page);
});

test('a match that is not seen is zoomed to', async () => {
  const page = await open(many, { fragment: '#zoom=app/a3.py:handle_3' });
  await page.keyboard.press('/');
  await page.keyboard.type('handle_7');
  await page.keyboard.press('Enter');
  assert.equal(await widthOf(page, 'all'), 1167);
  assert.equal(await cell(page, 'app/a7.py:handle_7 ·').count(), 1);
  await close(page);
});

test('state lives in the fragment, from file:// too', async () => {
  const page = await open(picture, { fragment: '#zoom=main;render;layout&search=bo' });
  assert.equal(await widthOf(page, 'layout ·'), 1167);
  assert.equal(await page.$eval('input', (input) => input.value), 'bo');
  assert.match(await status(page), /^2 matches/);
  await page.evaluate(() => (window.location.hash = '#zoom=main;parse'));
  await page.waitForFunction(() => !document.querySelector('.fill.hit'));
  assert.equal(await widthOf(page, 'parse ·'), 1167);
  await page.evaluate(() => (window.location.hash = '#zoom=main;nowhere;layout'));
  await page.waitForFunction(() => document.querySelectorAll('.cell.above').length === 1);
  assert.equal(await widthOf(page, 'main ·'), 1167);
  await close(page);
});

test('history does not grow', async () => {
  const page = await open(picture);
  const before = await page.evaluate(() => history.length);
  await cell(page, 'render ·').click();
  await cell(page, 'layout ·').click();
  assert.equal(await page.evaluate(() => history.length), before);
  await close(page);
});

test('the page follows the window', async () => {
  const page = await open(draw(shop));
  const [wide] = [await page.$$eval('.view text', (all) => all.map((each) => each.textContent))];
  await page.setViewportSize({ width: 600, height: 800 });
  await page.waitForFunction(() => document.documentElement.viewBox.baseVal.width === 600);
  const narrow = await page.$$eval('.view text', (all) => all.map((each) => each.textContent));
  assert.ok(narrow.length < wide.length);
  assert.ok(wide.includes('catalogue.py:Catalogue.search'));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= 600), true);
  await page.setViewportSize({ width: 250, height: 800 });
  await page.waitForFunction(() => document.documentElement.viewBox.baseVal.width === 320);
  await close(page);
});

// What does not depend on the number of frames is looked at with few of them.
const pictures = [[shop], [small], [shop, '--view', 'icicle'], [shop, '--view', 'treemap'], [shop, '--view', 'treemap', '--by', 'files'],
  [shopArcs, '--view', 'treemap'], [differences, '--view', 'treemap'], ['samples/collapsed/before-after.folded'], [shopArcs, '--view', 'flame'],
  [shop, '--colors', 'cost', '--title', 'A long title of a picture that does not fit into a narrow page']];
const large = [[manyStacks()], [manyStacks(), '--view', 'treemap']];
for (const [width, ...inputs] of [[1200, ...pictures, ...large], [900, ...pictures], [500, ...pictures]])
  test(`at ${width} px the words are the program's own`, async () => {
    for (const [input, ...options] of inputs) {
      const page = await open(draw(input, ...options), { viewport: { width, height: 800 } });
      const own = readFileSync(draw(input, ...options, '--no-js', '--width', String(width)), 'utf8');
      // [words of the cells with their places, words around them] of the page, and of a still that is only parsed.
      const [live, still] = await page.evaluate((svg) => [document, new DOMParser().parseFromString(svg, 'image/svg+xml')].map((from) => [
        Array.from(from.querySelectorAll('.view text'), (each) => `${each.textContent}@${each.getAttribute('x')},${each.getAttribute('y')}`).sort(),
        Array.from(from.querySelectorAll('.page text'), (each) => each.textContent).filter(Boolean).sort()]), own);
      assert.deepEqual(live[0], still[0], `${input.slice(0, 40)} ${options}`);
      assert.ok(still[0].length > 1);
      // Which modules a legend names follows from the cells that are drawn at the width it was made for.
      if (!options.includes('--title'))
        assert.deepEqual(live[1], still[1], `${input.slice(0, 40)} ${options}`);
      await close(page);
    }
  });

test('a comparison tells both sides', async () => {
  const page = await open(draw('samples/collapsed/before-after.folded'), { fragment: '#search=knead' });
  await cell(page, 'knead ·').hover();
  assert.match(await words(page), /^knead · 31 → 20 \(-11, -35\.5 %\) · -22\.9 % of all · self 31 → 20 \(-11, -35\.5 %\)/);
  assert.match(await status(page), /^2 matches · /);
  await cell(page, 'mix_dough ·').click();
  assert.equal(await widthOf(page, 'mix_dough ·'), 1167);
  assert.match(await page.$eval('svg', (svg) => svg.querySelector('title').textContent), /Differential/);
  await close(page);
});

for (const [label, path, up, down] of [['flame', picture, 'ArrowUp', 'ArrowDown'], ['icicle', icicle, 'ArrowDown', 'ArrowUp']])
  test(`${label}: the keyboard walks`, async () => {
    const page = await open(path);
    for (const [key, name] of [['Tab', ''], [up, 'all'], [up, 'main'], [up, 'render'], ['ArrowLeft', 'parse'], ['ArrowLeft', 'emit'], ['ArrowLeft', 'emit'],
      ['ArrowRight', 'parse'], ['ArrowRight', 'render'], [up, 'layout'], [up, 'box'], [down, 'layout'], [down, 'render']]) {
      await page.keyboard.press(key);
      if (name)
        assert.ok((await words(page)).startsWith(`${name} ·`), `${key}: ${await words(page)}`);
    }
    assert.equal(await page.$eval('.ring', (ring) => ring.getAttribute('visibility')), 'visible');
    await page.keyboard.press('Enter');
    assert.equal(await widthOf(page, 'render ·'), 1167);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label').split(' ')[0]), 'render');
    await page.keyboard.press('Home');
    assert.equal(fragment(page), '');
    await close(page);
  });

test('the keyboard reaches frames without an element of their own', async () => {
  const page = await open(many);
  await page.keyboard.press('ArrowUp');
  for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowRight'])
    await page.keyboard.press(key);
  assert.match(await words(page), /^std::c\d+::find · /);
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'treeitem');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-level')), '4');
  await page.keyboard.press('Enter');
  assert.match(fragment(page), /find$/);
  await close(page);
});

test('? lists the keys', async () => {
  const page = await open(picture);
  await page.keyboard.press('?');
  assert.match(await page.$eval('.help', (help) => help.textContent), /arrow keys/);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.help').count(), 0);
  await page.getByRole('button', { name: 'Keys' }).click();
  assert.equal(await page.locator('.help').count(), 1);
  await close(page);
});

test('frames are a tree to assistive technology', async () => {
  const page = await open(picture);
  assert.equal(await page.getByRole('tree', { name: 'Flame graph' }).count(), 1);
  assert.equal(await page.getByRole('treeitem', { name: /^render · / }).getAttribute('aria-level'), '3');
  assert.equal(await page.locator('.cell[tabindex="0"]').count(), 1);
  assert.match(await page.$eval('desc', (desc) => desc.textContent), /^Flame graph: 107 samples/);
  await close(page);
});

test('narrow frames are one remainder, and widths add up', async () => {
  const thin = Array.from({ length: 900 }, (_, i) => `main;f${i} 1\n`).join('') + 'main;wide 900\n';
  const page = await open(draw(thin), { viewport: { width: 400, height: 800 } });
  const rest = page.locator('.cell[aria-label*="more ·"]').first();
  await rest.hover();
  assert.match(await words(page), /^[\d,]+ more · [\d.]+ % \([\d,]+\), too narrow to be drawn one by one$/);
  assert.match(await page.$eval('.page', (group) => group.textContent), /branches under [\d.]+ px are gathered/);
  await rest.click();
  assert.equal(fragment(page), '#zoom=main');
  await close(page);
});

test('what stands above a cut spire is reached by zooming', async () => {
  const deep = `wide 1000\n${Array.from({ length: 120 }, (_, i) => `f${i}`).join(';')} 5\n`;
  const page = await open(draw(deep));
  assert.ok(!(await cells(page)).includes('f100'));
  const path = Array.from({ length: 60 }, (_, i) => `f${i}`).join(';');
  await page.evaluate((to) => (window.location.hash = '#zoom=' + to), path);
  await page.waitForSelector('.cell.above');
  assert.ok((await cells(page)).includes('f100'));
  assert.ok((await cells(page)).includes('f119'));
  await close(page);
});

test('frames too narrow for an element are told, too', async () => {
  const page = await open(many);
  const before = await page.locator('.cell').count();
  const { x, y } = await page.$eval('.view > path.fill', (path) => {
    const box = path.getBoundingClientRect();
    return { x: box.x, y: box.y + 5 };
  });
  await page.mouse.move(x + 1, y);
  assert.match(await words(page), /^std::c\d+::find · [\d.]+ % \(\d+\) · self [\d.]+ % \(\d+\)$/);
  const title = await page.$eval('.view > title', (each) => each.textContent);
  assert.equal(title.replace('\n', ' · '), await words(page));
  assert.equal(await page.locator('.cell').count(), before);
  await close(page);
});

test('where the script does not run, frames have titles of their own', async () => {
  const titles = (path) => still(path).split('<g class="view">')[1].split('<title>').length - 1;
  const frames = (path) => [...JSON.parse(still(path).match(/<script type="application\/json">(.*?)<\/script>/s)[1]).w].filter((value) => value >= 0.5 / 1168 * 1337).length;
  assert.equal(titles(draw(shop)), titles(draw(shop, '--no-js')));
  assert.ok(frames(draw(shop)) <= titles(draw(shop)));
  assert.ok(titles(many) > 1000 && titles(many) <= 3000);
  assert.ok(titles(draw(manyStacks(), '--minwidth', '0.01px', '--no-js')) > 18000);
});

test('calls are told where they are known', async () => {
  const estimated = await open(draw('samples/shop/shop.pstats', '--view', 'flame'));
  await estimated.locator('.cell[aria-label^="shop.py:serve (line"]').first().hover();
  assert.match(await words(estimated), / · called ([\d,]+ times in all|once)/);
  assert.match(still(draw('samples/shop/shop.pstats', '--view', 'flame', '--no-js')), /, called (once|[\d,]+ times in all)/);
  await close(estimated);
  const measured = await open(draw(shop));
  await measured.locator('.cell[aria-label*="Shop.serve"]').first().hover();
  assert.doesNotMatch(await words(measured), /called/);
  await close(measured);
});

test('a difference has signs, sizes and both colours', async () => {
  const page = await open(draw(differences));
  const fills = await page.$$eval('.cell > .fill', (all) => all.map((each) => each.getAttribute('class').split(' ').pop().replace(/\d+$/, '')));
  assert.ok(fills.includes('l') && fills.includes('o'), fills);
  const less = page.locator('.cell', { has: page.locator('.fill[class*=" l"]') });
  const more = page.locator('.cell', { has: page.locator('.fill[class*=" o"]') });
  assert.match(await less.first().locator('text').first().textContent(), /^▼ /);
  await less.first().hover();
  assert.match(await words(page), /^.* · -[\d.]+ % \(-[\d,.]+\)/);
  await more.first().hover();
  assert.match(await words(page), /^.* · \+[\d.]+ % \([\d,.]+\)/);
  const below = (level) => page.$$eval(`.cell[aria-level="${level}"] > .fill`, (all) => all.reduce((sum, each) => sum + each.getBoundingClientRect().width, 0));
  assert.ok(await below(2) <= await below(1) + 1);
  await less.first().click();
  assert.match(fragment(page), /^#zoom=/);
  assert.equal(Number(await less.first().locator('.fill').getAttribute('width')), 1167);
  await page.keyboard.press('0');
  await page.keyboard.press('/');
  await page.keyboard.type('e');
  assert.match(await status(page), /^\d+ matches · [\d.]+ %/);
  await close(page);
});

for (const [label, path, width] of [['flame', draw(`${Array.from({ length: 100 }, (_, i) => `f${i}`).join(';')} 5\n`), 1200],
  ['graph', draw(`${Array.from({ length: 60 }, (_, i) => `f${i}`).join(';')} 5\n`, '--view', 'graph'), 300]])
  test(`${label}: the head stays in sight`, async () => {
    const page = await open(path, { viewport: { width, height: 500 } });
    const place = (selector) => page.$eval(selector, (each) => each.getBoundingClientRect().y);
    const top = await place('.controls');
    await page.evaluate(() => window.scrollTo(0, 400));
    await page.waitForFunction(() => document.querySelector('.head').getAttribute('transform') !== 'translate(0 0)');
    assert.ok(Math.abs(await place('.controls') - top) < 1);
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => window.scrollY), 400);
    await page.keyboard.type('f7');
    assert.match(await status(page), /match/);
    await page.keyboard.press('Enter');
    const head = await page.$eval('.head > rect', (each) => each.getBoundingClientRect().bottom);
    assert.ok(await page.$eval(label === 'graph' ? '.b.hit' : '.fill.hit', (each) => each.getBoundingClientRect().y) >= head - 1);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.$eval('.head', (each) => getComputedStyle(each).transform), 'none');
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.waitForFunction(() => document.querySelector('.head').getAttribute('transform') === 'translate(0 0)');
    await close(page);
  });

test('two pictures in one page keep to themselves', async () => {
  const { readFileSync } = await import('node:fs');
  const bare = readFileSync(picture, 'utf8').replace(/^<\?xml.*\n/, '');
  const path = file('two.html', `<!doctype html><meta charset="utf-8"><title>two</title><input id="own">${bare}<p>between</p>${bare}`);
  const page = await open(path);
  await page.waitForFunction(() => document.querySelectorAll('svg[data-live]').length === 2);
  await page.locator('svg').nth(0).locator('.cell[aria-label^="render ·"]').click();
  assert.equal(await page.locator('svg').nth(0).locator('.above').count(), 2);
  assert.equal(await page.locator('svg').nth(1).locator('.above').count(), 0);
  await page.locator('#own').press('/');
  assert.equal(await page.getByRole('searchbox').count(), 0);
  await close(page);
});
