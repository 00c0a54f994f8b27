import { pathOf } from '../svg/shape.js';
import { heaviestChild, sibling } from './arrange.js';
import { h } from './dom.js';

// What a canvas shows, for keyboards and ears: the way to where one is, its siblings and its parts as a
// tree. `view` is { label, isUp(), tree(), spoken(item), move(item), enter(item) }.

const near = 12;
let made = 0;

function range(from, to) {
  return Array.from({ length: Math.max(to - from, 0) }, (_, i) => from + i);
}

// Items in the order of a tree that is open at the cursor.
function itemsAround(tree, cursor) {
  const parent = tree.parent[cursor];
  const before = parent < 0 ? [] : range(Math.max(tree.first[parent], cursor - near), cursor);
  const after = parent < 0 ? [] : range(cursor + 1, Math.min(tree.last[parent], cursor + near));
  const parts = range(tree.first[cursor], Math.min(tree.last[cursor], tree.first[cursor] + near));
  return [...pathOf(tree, cursor).slice(0, -1), ...before, cursor, ...parts, ...after];
}

export function makeMirror(view) {
  const prefix = `m${made++}-`;
  const element = h('div', { class: 'mirror', role: 'tree', tabindex: 0, 'aria-label': view.label });
  let cursor = 0;

  function itemOf(tree, item) {
    const parent = tree.parent[item];
    const isOpen = item === cursor || (tree.first[item] < tree.last[item] && item < cursor);
    return h('div', {
      'id': prefix + item,
      'role': 'treeitem',
      'aria-level': tree.level[item] + 1,
      'aria-setsize': parent < 0 ? 1 : tree.last[parent] - tree.first[parent],
      'aria-posinset': parent < 0 ? 1 : item - tree.first[parent] + 1,
      'aria-expanded': tree.first[item] < tree.last[item] ? String(isOpen) : undefined,
      'aria-selected': String(item === cursor),
    }, view.spoken(item));
  }

  function show(item) {
    const tree = view.tree();
    cursor = item < tree.count ? item : 0;
    element.replaceChildren(...itemsAround(tree, cursor).map((each) => itemOf(tree, each)));
    element.setAttribute('aria-activedescendant', prefix + cursor);
  }

  function target(key) {
    const tree = view.tree();
    const [towards, away] = view.isUp() ? ['ArrowDown', 'ArrowUp'] : ['ArrowUp', 'ArrowDown'];
    const moves = {
      ArrowLeft: () => sibling(tree, cursor, -1),
      ArrowRight: () => sibling(tree, cursor, 1),
      [towards]: () => tree.parent[cursor],
      [away]: () => heaviestChild(tree, cursor),
    };
    return Object.hasOwn(moves, key) ? moves[key]() : null;
  }

  element.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey)
      return;
    const next = target(event.key);
    if (next === null && event.key !== 'Enter' && event.key !== ' ')
      return;
    event.preventDefault();
    if (next === null) {
      view.enter(cursor);
    } else if (next >= 0) {
      show(next);
      view.move(next);
    }
  });
  element.addEventListener('focus', () => {
    show(cursor);
    view.move(cursor);
  });
  element.addEventListener('blur', () => view.move(-1));
  return { element, show, cursor: () => cursor };
}
