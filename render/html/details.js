import { grouped, quantity, share } from '../svg/numbers.js';
import { button, h } from './dom.js';

// What is pointed at, or else what is chosen, in words under the view.

export function makeDetails(app, act) {
  const name = h('strong', {});
  const place = h('span', { class: 'place' });
  const facts = h('dl', {});
  const tools = h('span', { class: 'tools' }, button('Sandwich', () => act.show('sandwich')), button('Search', () => act.search(app.model.functions.full[app.func])), button('Clear', () => act.choose(-1)));
  const element = h('section', { 'class': 'details', 'aria-label': 'Details' }, h('p', {}, name, ' ', place, tools), facts);

  function call(words, where) {
    name.textContent = words;
    place.textContent = words.includes(where) ? '' : where;
  }

  function fill(rows) {
    facts.replaceChildren(...rows.filter(([, value]) => value).map(([term, value]) => h('div', {}, h('dt', {}, term), h('dd', {}, value))));
  }

  function cost(value) {
    return value ? app.amount(value) : '';
  }

  // An item of a tree.
  function showItem(tree, item) {
    const func = tree.name[item];
    call(app.nameOf(tree, item), func >= 0 ? app.model.functions.places[func] : '');
    const isZoomed = tree === app.tree && app.zoom > 0;
    fill([tree.before ? ['Base → head', app.bothWords(tree.before[item], tree.value[item])] : ['', ''],
      [tree.isChart ? 'Duration' : tree.before ? 'Change, of all of base' : 'Total', app.amount(tree.value[item], tree)],
      ['Of the zoomed', isZoomed && tree.width[item] <= tree.width[app.zoom] && share(tree.width[item], tree.width[app.zoom])],
      ['Of its caller', tree.parent[item] > 0 && share(tree.width[item], tree.width[tree.parent[item]])],
      ['Self', func >= -1 && cost(tree.self[item])],
      ['Calls', func >= 0 && app.callsWords(func)],
      ['Certainty', tree.guess && tree.guess[item] && 'estimated']]);
    tools.hidden = func < 0 || func !== app.func;
  }

  function showFunction(func) {
    const costs = app.costs();
    call(app.model.functions.full[func], app.model.functions.places[func]);
    if (costs.before) {
      fill([['Self', app.bothWords(costs.before.self[func], costs.self[func])], ['Total', app.bothWords(costs.before.total[func], costs.total[func])]]);
      tools.hidden = func !== app.func;
      return;
    }
    fill([['Self', app.amount(costs.self[func])], ['Total', app.amount(costs.total[func])], ['Calls', app.callsWords(func)]]);
    tools.hidden = func !== app.func;
  }

  function showAll() {
    call(app.page.title, '');
    fill([['Total', quantity(app.metric().total, app.metric())], ['Functions', grouped(app.model.functions.count)], ['Notes', app.page.notes.join('. ')]]);
    tools.hidden = true;
  }

  function rest() {
    if (app.func >= 0)
      showFunction(app.func);
    else
      showAll();
  }

  return {
    element,
    rest,
    item: (tree, item) => (tree && item >= 0 ? showItem(tree, item) : rest()),
    func: (func) => (func >= 0 ? showFunction(func) : rest()),
  };
}
