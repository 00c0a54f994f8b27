#!/usr/bin/env node
// Makes render/svg/*.min.js, a script for each kind of picture, of the modules beside them: each one function, all names
// in one scope. The result is committed, so that building needs no node; a test makes it again and compares.
// Usage: npm ci && render/gen/live.mjs [--check]

import { readFileSync, writeFileSync } from 'node:fs';
import { minify } from 'terser';

const folder = new URL('../svg/', import.meta.url);
const shared = ['text', 'numbers', 'search', 'state', 'paint', 'page'];
const cells = ['names', 'shape', 'cells', 'rows'];
function cellsOf(layout) {
  return `{ makeView: (root, data, font) => makeCellsView(root, data, font, ${layout}), help: cellsHelp }`;
}
const kinds = {
  tree: { modules: cells, kind: cellsOf('makeFlameLayout') },
  map: { modules: [...cells, 'crumbs', 'map'], kind: cellsOf('makeMapLayout') },
  chart: { modules: [...cells, 'chart'], kind: cellsOf('makeChartLayout') },
  sunburst: { modules: [...cells, 'crumbs', 'sunburst'], kind: cellsOf('makeSunburstLayout') },
  graph: { modules: ['graph'], kind: '{ makeView: makeGraphView, help: graphHelp }' },
};

function bare(name) {
  const text = readFileSync(new URL(`${name}.js`, folder), 'utf8');
  return text.replace(/^import .*\n/gm, '').replace(/^export /gm, '');
}

for (const [name, { modules, kind }] of Object.entries(kinds)) {
  const parts = [...[...shared, ...modules, 'start'].map(bare), `const kind = ${kind};`, bare('run')];
  const { code } = await minify(`(()=>{'use strict';${parts.join('\n')}})();`, { ecma: 2020, compress: { passes: 3, ecma: 2020 }, mangle: true, format: { max_line_len: 120 } });
  if (/\]\]>|<\/script/i.test(code))
    throw new Error('the script would end where it stands');
  const target = new URL(`${name}.min.js`, folder);
  if (process.argv[2] !== '--check') {
    writeFileSync(target, code);
  } else if (readFileSync(target, 'utf8') !== code) {
    console.error(`render/svg/${name}.min.js is not what its modules make: run render/gen/live.mjs`);
    process.exitCode = 1;
  }
}
