#!/usr/bin/env node
// Makes render/svg/live.min.js of the modules beside it: one function, all names in one scope. The
// result is committed, so that building needs no node; a test makes it again and compares.
// Usage: npm ci && render/gen/live.mjs [--check]

import { readFileSync, writeFileSync } from 'node:fs';
import { minify } from 'terser';

const folder = new URL('../svg/', import.meta.url);
const order = ['text', 'numbers', 'names', 'shape', 'search', 'state', 'paint', 'page', 'tree', 'graph', 'start', 'run'];

function bare(name) {
  const text = readFileSync(new URL(`${name}.js`, folder), 'utf8');
  return text.replace(/^import .*\n/gm, '').replace(/^export /gm, '');
}

const joined = `(()=>{'use strict';${order.map(bare).join('\n')}})();`;
const { code } = await minify(joined, { ecma: 2020, compress: { passes: 3, ecma: 2020 }, mangle: true, format: { max_line_len: 120 } });
if (/\]\]>|<\/script/i.test(code))
  throw new Error('the script would end where it stands');
const target = new URL('live.min.js', folder);
if (process.argv[2] !== '--check') {
  writeFileSync(target, code);
} else if (readFileSync(target, 'utf8') !== code) {
  console.error('render/svg/live.min.js is not what its modules make: run render/gen/live.mjs');
  process.exitCode = 1;
}
