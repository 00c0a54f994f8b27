import { grouped, quantity, share } from '../svg/numbers.js';
import { button, h } from './dom.js';

// All functions in a real table: sorted by what its heads say, filtered by the search.

const page = 200;

// The order of rows of { self, total, calls, name(func) }: largest first, names from A to Z.
export function sortFunctions(list, key, isUp, costs, functions) {
  const before = costs.before && costs.before.self;
  const columns = { self: costs.self, total: costs.total, calls: functions.calls, base: before, head: before && before.map((value, i) => value + costs.self[i]) };
  const sign = isUp ? -1 : 1;
  return list.sort((a, b) => (key === 'name' ? sign * (a - b) : sign * (Math.abs(columns[key][b]) - Math.abs(columns[key][a])) || a - b));
}

// Of costs that may be negative, in the colours of less and more.
function bar(part, whole, isSigned) {
  const made = h('span', { 'class': `bar${isSigned ? part < 0 ? ' fell' : ' grew' : ''}`, 'aria-hidden': true }, h('span', {}));
  made.firstChild.style.width = `${whole ? Math.min(Math.abs(part) / whole, 1) * 100 : 0}%`;
  return made;
}

// Cells of a cost: share with a bar, which is full where the cost is `most` (else: all), and value.
export function costCells(app, value, most = app.whole()) {
  const sign = app.metric().signed && value > 0 ? '+' : '';
  return [h('td', { class: 'number share' }, bar(value, most, app.metric().signed), h('span', {}, sign + share(value, app.whole()))), h('td', { class: 'number' }, sign + quantity(value, app.metric()))];
}

export function nameCell(app, func, press) {
  const place = app.model.functions.places[func];
  return h('th', { scope: 'row', class: 'name' }, button(app.model.functions.full[func], () => press(func), { class: 'link' }), place && !app.model.functions.full[func].includes(place) && h('span', { class: 'place' }, ` ${place}`));
}

export function makeTable(app, act) {
  const { functions } = app.model;
  const hasCalls = !app.model.pairs.length && functions.calls.some((calls) => calls >= 0);
  const isDiff = app.model.pairs.length > 0;
  const heads = [...(isDiff ? [['base', 'Base', 1], ['head', 'Head', 1]] : []), ['self', isDiff ? 'Change of self' : 'Self', 2], ['total', isDiff ? 'Change of total' : 'Total', 2], ...(hasCalls ? [['calls', 'Calls', 1]] : []), ['name', 'Function', 1]];
  const body = h('tbody', {});
  const caption = h('caption', {});
  const row = h('tr', {});
  const more = button('Show more', () => {
    limit += 5 * page;
    fill();
  }, { class: 'more' });
  const element = h('div', { class: 'table' }, h('div', { class: 'sheet', tabindex: 0, role: 'region', 'aria-label': 'Table of functions' }, h('table', {}, caption, h('thead', {}, row), body), more));
  let key = 'self';
  let isUp = false;
  let limit = page;

  function sortBy(wanted) {
    isUp = wanted === key && !isUp;
    key = wanted;
    update();
    row.querySelector(`[data-key=${key}]`).focus();
  }

  function head([name, title, span]) {
    const isSorted = name === key;
    const order = isSorted === false ? 'none' : (name === 'name') === isUp ? 'descending' : 'ascending';
    const mark = isSorted ? h('span', { 'aria-hidden': true }, order === 'descending' ? ' ▾' : ' ▴') : null;
    const press = button(title, () => sortBy(name), { 'class': 'sort', 'data-key': name });
    press.append(mark ?? '');
    return h('th', { 'scope': 'col', 'colspan': span, 'aria-sort': order, 'class': name === 'name' ? 'name' : 'number' }, press);
  }

  // In a comparison: what only one side has.
  function stateOf(func, costs) {
    const base = costs.before.total[func];
    const head = base + costs.total[func];
    return base && !head ? ' gone' : !base && head ? ' new' : '';
  }

  function line(func, costs, [most, mostTotal]) {
    const calls = functions.calls[func];
    const name = nameCell(app, func, act.choose);
    if (isDiff)
      name.append(h('span', { class: 'place' }, stateOf(func, costs)));
    return h('tr', { class: [func === app.func && 'chosen', app.hits && app.hits[func] && 'hit'].filter(Boolean).join(' ') || undefined },
      ...(isDiff ? [0, costs.self[func]].map((change) => h('td', { class: 'number' }, quantity(costs.before.self[func] + change, app.metric()))) : []), ...costCells(app, costs.self[func], most), ...costCells(app, costs.total[func], mostTotal), hasCalls && h('td', { class: 'number' }, calls < 0 ? '–' : grouped(calls)), name);
  }

  function listed(costs) {
    const list = [];
    for (let func = 0; func < functions.count; func++)
      if (app.hits ? app.hits[func] : !app.state.thread || costs.total[func])
        list.push(func);
    return sortFunctions(list, key, isUp, costs, functions);
  }

  function fill() {
    const costs = app.costs();
    const list = listed(costs);
    const most = isDiff ? [costs.self, costs.total].map((values) => list.reduce((sum, func) => Math.max(sum, Math.abs(values[func])), 0)) : [];
    body.replaceChildren(...list.slice(0, limit).map((func) => line(func, costs, most)));
    caption.textContent = `${grouped(list.length)} ${list.length === 1 ? 'function' : 'functions'}${app.hits ? ' found' : ''}, by ${key}; shares are of ${quantity(app.whole(), app.metric())}`;
    more.hidden = list.length <= limit;
  }

  function update() {
    row.replaceChildren(...heads.map(head));
    fill();
  }

  return { id: 'table', title: 'Table', element, update: (what) => {
    if (what !== 'zoom') {
      limit = what === 'choice' ? limit : page;
      update();
    }
  } };
}
