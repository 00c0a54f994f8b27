import { grouped } from '../svg/numbers.js';
import { arrange } from './arrange.js';
import { h } from './dom.js';
import { calleesOf, callersOf } from './expand.js';
import { makeFlame } from './flame.js';
import { costCells, nameCell } from './table.js';

// One function: everything that calls it above, everything that it calls below.

// Who is next to a function: rows { func, value, calls } of its measured arcs, the largest first.
export function nextTo(arcs, metric, func, side) {
  const [own, other] = side === 'callers' ? [arcs.callee, arcs.caller] : [arcs.caller, arcs.callee];
  const rows = [];
  for (let i = 0; i < arcs.count; i++)
    if (own[i] === func)
      rows.push({ func: other[i], value: arcs.isTold[i] ? arcs.total[metric][i] : null, calls: arcs.calls[i] });
  return rows.sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || b.calls - a.calls || a.func - b.func);
}

export function makeSandwich(app, act) {
  const title = h('h2', {});
  const words = h('p', { class: 'remark' });
  const side = (label) => makeFlame(app, label, {
    point: (item) => act.pointIn(item < 0 ? null : flames[label].tree, item),
    pick: (item) => {
      const name = flames[label].tree.name[item];
      if (name >= 0)
        act.choose(name);
    },
  });
  const flames = {};
  flames.Callers = side('Callers');
  flames.Callees = side('Callees');
  flames.Callers.isUp = true;
  flames.Callers.hasRoot = false;
  const lists = h('div', { class: 'sheet lists', tabindex: 0, role: 'region', 'aria-label': 'Direct callers and callees' });
  const element = h('div', { class: 'sandwich' }, title, h('div', { class: 'pair' },
    h('div', { class: 'layers' }, flames.Callers.element, flames.Callees.element), lists), words);

  function listOf(name, rows) {
    const hasCalls = !app.model.pairs.length && rows.some(({ calls }) => calls >= 0);
    const none = h('p', {}, `No ${name.toLowerCase()}.`);
    const line = (row) => h('tr', {}, ...(row.value === null ? [h('td', { class: 'number', colspan: 2 }, 'not told')] : costCells(app, row.value)),
      hasCalls && h('td', { class: 'number' }, row.calls < 0 ? '–' : grouped(row.calls)), nameCell(app, row.func, act.choose));
    const heads = [['number', 'Total', 2], ...(hasCalls ? [['number', 'Calls', 1]] : []), ['name', name, 1]];
    return h('div', {}, h('h3', {}, name), rows.length ? h('table', {}, h('thead', {}, h('tr', {}, ...heads.map(([kind, text, span]) => h('th', { scope: 'col', class: kind, colspan: span }, text)))), h('tbody', {}, ...rows.slice(0, 100).map(line))) : none);
  }

  // Direct neighbours: measured arcs; of stacks, what the trees say.
  function neighbours(name) {
    if (!app.model.isMeasured)
      return nextTo(app.model.arcs, Number(app.state.metric), app.func, name.toLowerCase());
    const { tree } = flames[name];
    const rows = [];
    for (let item = tree.first[0]; item < tree.last[0]; item++)
      if (tree.name[item] >= 0)
        rows.push({ func: tree.name[item], value: tree.value[item], calls: -1 });
    return rows.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  }

  function plant() {
    const tree = app.forward();
    const count = app.model.functions.count;
    flames.Callers.setTree(arrange(callersOf(tree, app.func, count), true));
    flames.Callees.setTree(arrange(calleesOf(tree, app.func, count), true));
  }

  function hottest() {
    const { self } = app.costs();
    return self.reduce((best, value, func) => (best < 0 || Math.abs(value) > Math.abs(self[best]) ? func : best), -1);
  }

  let planted = '';

  function update(what) {
    if (app.func < 0)
      app.func = hottest();
    const key = [app.state.metric, app.state.thread, app.func].join();
    if (app.func < 0)
      return;
    const costs = app.costs();
    title.textContent = app.model.functions.full[app.func];
    words.textContent = `Self ${app.amount(costs.self[app.func])} · total ${app.amount(costs.total[app.func])}${app.callsWords(app.func) ? ' · ' + app.callsWords(app.func) : ''}. Recursion counts once.${app.model.isMeasured ? '' : ' Further callers and callees are estimated; the lists are measured.'}`;
    if (app.model.nodes && (key !== planted || what === 'tree'))
      plant();
    planted = key;
    lists.replaceChildren(listOf('Callers', neighbours('Callers')), listOf('Callees', neighbours('Callees')));
    flames.Callers.redraw();
    flames.Callees.redraw();
  }

  return { id: 'sandwich', title: 'Sandwich', element, update };
}
