#!/usr/bin/env node
// Makes render/svg/*.min.js, a script for each kind of picture, and render/html/page.min.js and page.min.css of
// the modules beside them: each script one function, all names in one scope. The result is committed, so that
// building needs no node; a test makes it again and compares.
// Usage: npm ci && render/gen/live.mjs [--check]

import { readFileSync, writeFileSync } from 'node:fs';
import { minify } from 'terser';

const folder = new URL('../', import.meta.url);
const shared = ['text', 'numbers', 'search', 'state', 'paint', 'page'].map((name) => `svg/${name}`);
const cells = ['names', 'shape', 'cells', 'rows'];

function cellsOf(layout) {
  return `{ makeView: (root, data, font) => makeCellsView(root, data, font, ${layout}), help: cellsHelp }`;
}

function svg(modules, kind) {
  return [...shared, ...modules.map((name) => `svg/${name}`), 'svg/start', `const kind = ${kind};`, 'svg/run'];
}

const scripts = {
  'svg/tree': svg(cells, cellsOf('makeFlameLayout')),
  'svg/map': svg([...cells, 'crumbs', 'map'], cellsOf('makeMapLayout')),
  'svg/chart': svg([...cells, 'chart'], cellsOf('makeChartLayout')),
  'svg/sunburst': svg([...cells, 'crumbs', 'sunburst'], cellsOf('makeSunburstLayout')),
  'svg/change': svg([...cells, 'change'], cellsOf('makeChangeLayout')),
  'svg/graph': svg(['graph'], '{ makeView: makeGraphView, help: graphHelp }'),
  'html/page': [...['text', 'numbers', 'names', 'shape', 'search', 'state', 'map', 'chart', 'paint'].map((name) => `svg/${name}`),
    ...['dom', 'decode', 'arrange', 'expand', 'fragment', 'surface', 'mirror', 'flame', 'chart', 'session', 'table', 'treemap', 'rings', 'pie', 'sandwich', 'graph', 'details', 'legend', 'bar', 'app', 'start', 'run'].map((name) => `html/${name}`)],
};
scripts['html/overview'] = ['html/overview'];
const styles = {
  'html/page': ['html/palette', 'html/tokens', 'html/page'],
};

function read(name, ending) {
  return readFileSync(new URL(name + ending, folder), 'utf8');
}

function bare(name) {
  return name.includes('/') ? read(name, '.js').replace(/^import .*\n/gm, '').replace(/^export /gm, '') : name;
}

// Modules have names of their own; here all stand in one scope, and a function may not replace another's.
function checkNames(target, text) {
  const seen = new Set();
  for (const [, name] of text.matchAll(/^(?:async )?(?:function|const|let) (\w+)/gm)) {
    if (seen.has(name))
      throw new Error(`${target}: two modules have a ${name}`);
    seen.add(name);
  }
}

async function script(target, parts) {
  const text = parts.map(bare).join('\n');
  checkNames(target, text);
  const { code } = await minify(`(()=>{'use strict';${text}\n})();`, { ecma: 2020, compress: { passes: 3, ecma: 2020 }, mangle: true, format: { max_line_len: 120 } });
  if (/\]\]>|<\/script|<!--/i.test(code))
    throw new Error('the script would end where it stands');
  return code;
}

function style(parts) {
  return parts.map((name) => read(name, '.css')).join('').replace(/\/\*[^]*?\*\//g, '').replace(/\s+/g, ' ').replace(/ ?([{};>]) ?/g, '$1').replace(/([:,]) /g, '$1').replace(/;}/g, '}').replace(/}/g, '}\n').trim() + '\n';
}

function keep(name, text) {
  const target = new URL(name, folder);
  if (process.argv[2] !== '--check') {
    writeFileSync(target, text);
  } else if (readFileSync(target, 'utf8') !== text) {
    console.error(`render/${name} is not what its parts make: run render/gen/live.mjs`);
    process.exitCode = 1;
  }
}

for (const [name, parts] of Object.entries(scripts))
  keep(`${name}.min.js`, await script(name, parts));
for (const [name, parts] of Object.entries(styles))
  keep(`${name}.min.css`, style(parts));
