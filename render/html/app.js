import { share } from '../svg/numbers.js';
import { pathOf } from '../svg/shape.js';
import { makeFont } from '../svg/text.js';
import { makeControls, makeHelp, makeSearch, makeTabs } from './bar.js';
import { makeChart } from './chart.js';
import { makeDetails } from './details.js';
import { button, h } from './dom.js';
import { makeFlame } from './flame.js';
import { keepFragment, readFragment, writeFragment } from './fragment.js';
import { makeGraph } from './graph.js';
import { makeLegend } from './legend.js';
import { makePie } from './pie.js';
import { makeRings } from './rings.js';
import { makeSandwich } from './sandwich.js';
import { makeSession, usualState } from './session.js';
import { makeColours } from './surface.js';
import { makeTable } from './table.js';
import { makeTreemap } from './treemap.js';

// The page: views that share one session.

const fonts = '"DejaVu Sans","Segoe UI",Helvetica,Arial,sans-serif';

const zoomed = ['flame', 'treemap', 'sunburst'];
const coloured = [...zoomed, 'sandwich', 'pie', 'chart'];

function makeFlameView(app, act) {
  const flame = makeFlame(app, 'Flame graph', { point: (item) => act.point(item), pick: (item) => act.pick(item) });
  const element = h('div', { class: 'whole' }, flame.element);
  let shown = null;
  return { id: 'flame', title: 'Flame graph', element, flame, update(what) {
    const isUp = app.state.root !== 'top';
    if (shown !== app.tree || flame.isUp !== isUp) {
      shown = app.tree;
      flame.isUp = isUp;
      flame.setTree(app.tree);
      flame.zoomTo(app.zoom, true);
    } else if (what === 'zoom') {
      flame.zoomTo(app.zoom);
    }
    flame.redraw();
  } };
}

function makeStillView(id, title, picture) {
  return { id, title, element: h('div', { class: 'whole' }, h('div', { 'class': 'sheet drawing fits', 'tabindex': 0, 'role': 'region', 'aria-label': title }, picture)), update() {} };
}

function makeViews(app, act, pictures) {
  const views = [];
  if (app.model.nodes)
    views.push(makeFlameView(app, act));
  if (app.model.functions.count)
    views.push(makeSandwich(app, act), makeTable(app, act));
  if (app.model.nodes)
    views.push(makeTreemap(app, act), makeRings(app, act));
  if (app.model.functions.count && !app.model.pairs.length)
    views.push(makePie(app, act));
  if (pictures.graph)
    views.push(makeGraph(app, act, pictures.graph));
  if (app.page.chart)
    views.push(makeChart(app, act, app.page.chart));
  if (pictures.timeline)
    views.push(makeStillView('timeline', 'Timeline', pictures.timeline));
  return views;
}

export function makeApp(model, page, pictures) {
  const app = makeSession(model, page, page.slots);
  const usual = { ...usualState, view: page.view, metric: String(page.metric), order: page.order, root: page.root, colour: page.colour };
  const act = { point, pick, pointAt, pointIn, choose, show, search, walk, set, reset, help, query: () => app.state.search };
  let details = null;
  Object.assign(app, { font: makeFont(page), fonts, colours: makeColours(page.slots), percent: (value) => share(value, app.whole()) });
  app.accept(readFragment(window.location.hash, usual), usual);
  const views = makeViews(app, act, pictures);
  const tabs = makeTabs(views, act);
  const field = makeSearch(act);
  const controls = makeControls(app, act);
  const dialog = makeHelp();
  const facts = h('p', { class: 'facts' }, page.facts);
  const crumbs = h('nav', { 'class': 'crumbs', 'aria-label': 'Zoomed to' });
  const legend = makeLegend(app);
  details = makeDetails(app, act);

  const panels = views.map(({ id, element }) => h('div', { 'class': 'panel', 'role': 'tabpanel', 'id': `view-${id}`, 'aria-labelledby': `tab-${id}`, 'hidden': true }, element));
  const element = h('div', { class: 'app' },
    h('header', {}, h('div', { class: 'head' }, h('h1', {}, page.title), facts, crumbs, field.status, h('span', { class: 'version' }, page.version)),
      h('div', { class: 'choices' }, tabs.element, field.element, controls.element)), h('main', {}, ...panels, legend.element), details.element, dialog);

  function current() {
    return views.find(({ id }) => id === app.state.view) || views[0];
  }

  function keep() {
    app.state.zoom = app.state.inverted ? app.state.zoom : app.path();
    app.state.fn = app.func >= 0 ? model.functions.full[app.func] : '';
    keepFragment(writeFragment(app.state, usual));
  }

  function frame() {
    controls.show(app.state, app.zoom > 0 || Boolean(current().reset), current().id);
    legend.element.hidden = !coloured.includes(current().id);
    field.show(app.state.search, app.foundWords());
    tabs.show(current().id);
    panels.forEach((panel, i) => (panel.hidden = views[i] !== current()));
    const path = app.tree && app.zoom ? pathOf(app.tree, app.zoom) : [];
    crumbs.hidden = !path.length || !zoomed.includes(current().id);
    facts.hidden = !crumbs.hidden;
    crumbs.replaceChildren(...path.map((item, i) => (i + 1 < path.length ? button(app.nameOf(app.tree, item), () => pick(item), { class: 'link' }) : h('span', { 'aria-current': 'location' }, app.nameOf(app.tree, item)))));
    crumbs.scrollLeft = crumbs.scrollWidth;
  }

  function update(what) {
    frame();
    current().update(what);
    legend.update();
    details.rest();
    keep();
  }

  function point(item) {
    details.item(app.tree, item);
  }

  function pointIn(tree, item) {
    details.item(tree, item);
  }

  function pointAt(func) {
    details.func(func);
  }

  // Zooms to an item and chooses its function.
  function pick(item) {
    const target = app.tree.name[item] < -1 ? app.tree.parent[item] : item;
    app.zoom = target;
    app.func = app.tree.name[target];
    update('zoom');
    details.item(app.tree, target);
  }

  function choose(func) {
    app.func = func;
    update('choice');
  }

  function show(id) {
    app.state.view = id;
    update('tree');
  }

  function search(query) {
    app.state.search = query;
    app.find();
    update('search');
  }

  // The next match, zoomed to where it can be seen.
  function walk(step) {
    const item = app.walk(step);
    if (item < 0)
      return;
    app.func = app.tree.name[item];
    if (!pathOf(app.tree, item).includes(app.zoom))
      app.zoom = 0;
    while (app.tree.width[item] < app.tree.width[app.zoom] / 400) {
      const way = pathOf(app.tree, item);
      app.zoom = way[way.indexOf(app.zoom) + 1];
    }
    update('zoom');
    details.item(app.tree, item);
    const { flame } = current();
    if (flame) {
      flame.reveal(item);
      flame.mirror.show(item);
    }
  }

  function set(key, value) {
    const isShape = ['metric', 'thread', 'order', 'inverted'].includes(key);
    app.state[key] = value;
    if (key === 'inverted')
      app.state.zoom = [];
    if (isShape)
      app.plant();
    update('tree');
  }

  function reset() {
    app.zoom = 0;
    if (current().reset)
      current().reset();
    update('zoom');
  }

  function help() {
    dialog.showModal();
  }

  function leave() {
    if (app.state.search)
      search('');
    else if (app.zoom)
      reset();
    else if (app.func >= 0)
      choose(-1);
  }

  const keys = {
    '0': reset,
    'Home': reset,
    'Escape': leave,
    '/': field.open,
    'F3': (event) => (app.state.search ? walk(event.shiftKey ? -1 : 1) : field.open()),
    '?': help,
  };

  function press(event) {
    const isFind = (event.ctrlKey || event.metaKey) && event.key === 'f';
    const isTyping = event.target.closest && event.target.closest('input, select, dialog');
    if (isTyping || (!isFind && (event.ctrlKey || event.metaKey || event.altKey)))
      return;
    const view = /^[1-9]$/.test(event.key) && views[Number(event.key) - 1];
    const run = isFind ? field.open : view ? () => show(view.id) : Object.hasOwn(keys, event.key) && keys[event.key];
    if (!run)
      return;
    event.preventDefault();
    run(event);
  }

  function restore() {
    app.accept(readFragment(window.location.hash, usual), usual);
    app.plant();
    if (!model.nodes)
      app.find();
    update('tree');
  }

  function recolour() {
    app.colours.read();
    legend.update();
    current().update('colours');
  }

  function print(isPrinting) {
    document.documentElement.classList.toggle('paper', isPrinting);
    recolour();
    if (current().flame)
      current().flame.draw();
  }

  function start() {
    document.addEventListener('keydown', press);
    window.addEventListener('hashchange', restore);
    window.addEventListener('beforeprint', () => print(true));
    window.addEventListener('afterprint', () => print(false));
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolour);
    restore();
  }

  return { element, start, app };
}
