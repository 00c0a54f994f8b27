import { pathOf } from '../svg/shape.js';
import { childrenAt, heaviestChild, sibling } from './arrange.js';
import { h } from './dom.js';

// What a canvas shows, for keyboards and ears: the way to where one is, its siblings and its parts as a
// tree. `view` is { label, isUp(), tree(), spoken(item), move(item), enter(item) }.

const near = 12;
let made = 0;

function siblingsOf(tree, item) {
  return tree.parent[item] < 0 ? [item] : childrenAt(tree, tree.parent[item]);
}

// Items in the order of a tree that is open at the cursor.
function itemsAround(tree, cursor) {
  const all = siblingsOf(tree, cursor);
  const at = all.indexOf(cursor);
  return [...pathOf(tree, cursor).slice(0, -1), ...all.slice(Math.max(at - near, 0), at + 1), ...childrenAt(tree, cursor).slice(0, near), ...all.slice(at + 1, at + near)];
}

export function makeMirror(view) {
  const prefix = `m${made++}-`;
  const element = h('div', { class: 'mirror', role: 'tree', tabindex: 0, 'aria-label': view.label });
  let cursor = 0;

  function itemOf(tree, item, way) {
    const all = siblingsOf(tree, item);
    const hasParts = tree.first[item] < tree.last[item] || Boolean(tree.lanes && tree.lanes.has(item));
    return h('div', {
      'id': prefix + item,
      'role': 'treeitem',
      'aria-level': pathOf(tree, item).length,
      'aria-setsize': all.length,
      'aria-posinset': all.indexOf(item) + 1,
      'aria-expanded': hasParts ? String(way.includes(item)) : undefined,
      'aria-selected': String(item === cursor),
    }, view.spoken(item));
  }

  function show(item) {
    const tree = view.tree();
    cursor = item < tree.count ? item : 0;
    const way = pathOf(tree, cursor);
    element.replaceChildren(...itemsAround(tree, cursor).map((each) => itemOf(tree, each, way)));
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
