import { button, choice, h } from './dom.js';

// What one can choose: views as tabs, search, and how the profile is looked at.

export const keyRows = [['click, Enter', 'zoom in, choose'], ['0, Home, Esc', 'back'], ['arrow keys', 'caller, callee, siblings'], ['/, Ctrl+F, F3', 'search; F3 again: the next match'],
  ['Enter, Shift+Enter', '… next, previous match'], ['1 to 9', 'the views'], ['Ctrl+wheel, Shift+wheel, dragging', 'closer, sideways'], ['?', 'this list']];

export function makeTabs(views, act) {
  const tabs = views.map(({ id, title }) => h('button', { 'type': 'button', 'role': 'tab', 'id': `tab-${id}`, 'aria-controls': `view-${id}`, 'aria-selected': 'false', 'tabindex': -1 }, title));
  const element = h('div', { 'class': 'tabs', 'role': 'tablist', 'aria-label': 'Views' }, ...tabs);
  tabs.forEach((tab, i) => tab.addEventListener('click', () => act.show(views[i].id)));
  element.addEventListener('keydown', (event) => {
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined)
      return;
    event.preventDefault();
    event.stopPropagation();
    const next = (to + tabs.length) % tabs.length;
    act.show(views[next].id);
    tabs[next].focus();
  });
  return { element, show: (id) => tabs.forEach((tab, i) => {
    tab.setAttribute('aria-selected', String(views[i].id === id));
    tab.tabIndex = views[i].id === id ? 0 : -1;
  }) };
}

export function makeSearch(act) {
  const input = h('input', { 'type': 'search', 'aria-label': 'Search for functions', 'placeholder': 'Search: text or /regex/', 'spellcheck': 'false', 'autocomplete': 'off' });
  const status = h('span', { role: 'status', class: 'found' });
  const steps = [['‹', 'Previous match', -1], ['›', 'Next match', 1]].map(([sign, label, step]) => button(sign, () => act.walk(step), { 'class': 'step', 'aria-label': label }));
  let timer = 0;
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => act.search(input.value), 60);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === 'F3') {
      event.preventDefault();
      clearTimeout(timer);
      if (input.value !== act.query())
        act.search(input.value);
      act.walk(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      act.search('');
      input.blur();
    } else {
      return;
    }
    event.stopPropagation();
  });
  return {
    status,
    element: h('div', { class: 'search', role: 'search' }, input, ...steps),
    show(query, words) {
      if (input.value !== query)
        input.value = query;
      status.textContent = words;
      for (const step of steps)
        step.disabled = !query;
    },
    open() {
      input.focus({ preventScroll: true });
      input.select();
    },
  };
}

function toggle(label, title, press) {
  return button(label, press, { 'aria-pressed': 'false', title });
}

// The selects and switches; show(state) sets them.
export function makeControls(app, act) {
  const { threads, nodes } = app.model;
  const metrics = app.metricRows();
  const metric = choice('Metric', metrics, app.state.metric, (value) => act.set('metric', value));
  const thread = choice('Thread', [['', 'All threads'], ...threads.map(({ name }) => [name, name])], app.state.thread, (value) => act.set('thread', value));
  const order = choice('Order', [['name', 'By name'], ['weight', 'Heaviest first']], app.state.order, (value) => act.set('order', value));
  const colour = choice('Colour', [['module', 'Colour: module'], ['cost', 'Colour: self'], ['function', 'Colour: function'], ['kind', 'Colour: kind of code'], ['warm', app.page.hue ? 'Colour: one hue' : 'Colour: warm'], ['grey', 'Colour: none']], app.state.colour, (value) => act.set('colour', value));
  const inverted = toggle('Invert', 'Own costs first, callers on top of them', () => act.set('inverted', app.state.inverted ? '' : '1'));
  const root = toggle('Root on top', 'Callers above what they call', () => act.set('root', app.state.root === 'top' ? 'bottom' : 'top'));
  const reset = button('Reset zoom', act.reset);
  const keys = button('?', act.help, { 'aria-label': 'Keys' });
  const trees = ['flame', 'treemap', 'sunburst'];
  const costs = [...trees, 'sandwich', 'table', 'pie'];
  const places = [[metric, costs], [thread, costs], [order, ['flame', 'sunburst']], [colour, [...trees, 'sandwich', 'pie', 'chart']], [inverted, trees], [root, ['flame']]];
  const shown = [metrics.length > 1 && metric, threads.length > 0 && nodes && thread, nodes && order, !app.model.pairs.length && colour, nodes && inverted, nodes && root, reset, keys];
  return {
    element: h('div', { class: 'controls' }, ...shown.filter(Boolean)),
    show(state, canReset, view) {
      for (const [control, views] of places)
        control.hidden = !views.includes(view);
      metric.value = state.metric;
      thread.value = state.thread;
      order.value = state.order;
      colour.value = state.colour;
      inverted.setAttribute('aria-pressed', String(Boolean(state.inverted)));
      root.setAttribute('aria-pressed', String(state.root === 'top'));
      reset.hidden = ![...trees, 'chart'].includes(view);
      reset.disabled = !canReset;
    },
  };
}

export function makeHelp() {
  const close = button('Close', () => element.close());
  const element = h('dialog', { 'aria-label': 'Keys' }, h('h2', {}, 'Keys'), h('dl', {}, ...keyRows.map(([key, meaning]) => h('div', {}, h('dt', {}, key), h('dd', {}, meaning)))), close);
  return element;
}
