import { makeFont } from './text.js';
import { makePage } from './page.js';
import { slotOf } from './paint.js';

function listen(root, view, page) {
  const place = root === document.documentElement ? document : root;
  const keys = {
    0: view.reset,
    Home: view.reset,
    Escape: () => (page.hasHelp() ? page.toggleKeys() : view.query ? close(view, page) : view.reset()),
    '/': page.openSearch,
    F3: (event) => (view.query ? view.walk(event.shiftKey ? -1 : 1) : page.openSearch()),
    '?': page.toggleKeys,
  };
  place.addEventListener('keydown', (event) => {
    const isFind = (event.ctrlKey || event.metaKey) && event.key === 'f';
    if (!isFind && (event.ctrlKey || event.metaKey || event.altKey))
      return;
    const act = isFind ? page.openSearch : Object.hasOwn(keys, event.key) && keys[event.key];
    if (!act && !view.press(event))
      return;
    event.preventDefault();
    if (act)
      act(event);
  });
  window.addEventListener('hashchange', view.restore);
}

function close(view, page) {
  page.closeSearch();
  view.search('');
}

export function start(root, data, { makeView, help }) {
  const font = makeFont(data);
  data.help = help;
  data.border = slotOf(data, 'bd');
  const view = makeView(root, data, font);
  const page = makePage(root, data, font, { search: view.search, walk: view.walk, reset: view.reset, close: () => close(view, page) });
  view.page = page;
  view.start();
  page.pin();
  listen(root, view, page);
  root.setAttribute('data-live', 'ready');
}

// The still picture stays where anything goes wrong.
export function begin(root, data, kind) {
  try {
    start(root, data, kind);
  } catch (error) {
    root.classList.remove('live');
    throw error;
  }
}
