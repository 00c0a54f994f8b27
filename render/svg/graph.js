import { foundText, makeTest } from './search.js';
import { keepState, readState } from './state.js';
import { share } from './numbers.js';

export const graphHelp = [['click, Enter', 'keep callers and callees shown'], ['0, Home, Esc', 'show all alike'], ['up, down', 'heaviest caller, callee'],
  ['left, right', 'the other callers or callees'], ['/, Ctrl+F, F3', 'search; F3 again: the next match'], ['Enter, Shift+Enter', '… next, previous match'], ['?', 'this list']];

function numberOf(element, name) {
  return Number(element.getAttribute(name) || 0);
}

// A call graph: the picture stays, and what belongs to a box is told apart from the rest.
export function makeGraphView(root, data) {
  const layer = root.querySelector('g.view');
  const boxes = [...layer.querySelectorAll('g.b')];
  const arcs = [...layer.querySelectorAll('g.e')];
  const byId = new Map(boxes.map((box) => [Number(box.id.slice(1)), box]));
  const lines = new Map([...boxes, ...arcs].map((each) => [each, each.querySelector('title').textContent.split('\n')]));
  const self = { page: null, query: '', found: null, at: -1 };
  let kept = null;
  let turns = [];

  function ends(arc) {
    return [byId.get(numberOf(arc, 'data-a')), byId.get(numberOf(arc, 'data-b'))];
  }

  // Callers (end 0) or callees (end 1) of a box, the heaviest first.
  function neighbours(box, end) {
    return arcs.filter((arc) => ends(arc)[1 - end] === box && ends(arc)[end] !== box)
      .sort((a, b) => numberOf(b, 'data-w') - numberOf(a, 'data-w')).map((arc) => ends(arc)[end]);
  }

  function mark(element) {
    layer.classList.toggle('picked', Boolean(element));
    for (const arc of arcs) {
      const near = element && (arc === element || ends(arc).includes(element));
      arc.classList.toggle('near', Boolean(near));
      arc.classList.toggle('on', arc === element);
    }
    const beside = new Set(!element ? [] : arcs.includes(element) ? ends(element) : [...neighbours(element, 0), ...neighbours(element, 1)]);
    for (const box of boxes) {
      box.classList.toggle('near', beside.has(box));
      box.classList.toggle('on', box === element);
    }
  }

  function show(element) {
    const words = element && lines.get(element);
    mark(element);
    self.page.say(words ? [words[0], ' · ' + words.slice(1).join(' · ')] : null);
  }

  function keepOnly(box) {
    kept = box;
    for (const each of boxes)
      each.setAttribute('aria-pressed', each === kept);
    show(kept);
    self.page.allowReset(Boolean(kept));
    keepState({ zoom: kept ? [lines.get(kept)[0]] : [], search: self.query });
  }

  function focus(box, siblings) {
    turns = siblings;
    for (const each of boxes)
      each.setAttribute('tabindex', each === box ? 0 : -1);
    box.focus();
    box.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  function turn(box, step) {
    const at = turns.indexOf(box);
    const next = at < 0 ? null : turns[at + step];
    if (next)
      focus(next, turns);
  }

  function follow(box, end) {
    const next = neighbours(box, end);
    if (next.length)
      focus(next[0], next);
  }

  const moves = {
    ArrowUp: (box) => follow(box, 0),
    ArrowDown: (box) => follow(box, 1),
    ArrowLeft: (box) => turn(box, -1),
    ArrowRight: (box) => turn(box, 1),
  };

  function press(event) {
    const box = boxes.includes(document.activeElement) ? document.activeElement : null;
    if (moves[event.key]) {
      if (box)
        moves[event.key](box);
      else
        focus(boxes[0], boxes);
    } else if ((event.key === 'Enter' || event.key === ' ') && box) {
      keepOnly(box === kept ? null : box);
    } else {
      return false;
    }
    return true;
  }

  function reset() {
    keepOnly(null);
  }

  function search(query) {
    self.query = query;
    self.at = -1;
    self.found = null;
    let words = '';
    try {
      const test = query && makeTest(query);
      const items = test ? boxes.filter((box) => !box.classList.contains('rest') && test(lines.get(box)[0])) : [];
      const gathered = boxes.filter((box) => box.classList.contains('rest')).reduce((sum, box) => sum + numberOf(box, 'data-s'), 0);
      self.found = test ? { items, value: items.reduce((sum, box) => sum + numberOf(box, 'data-s'), 0), gathered } : null;
      words = said();
    } catch (error) {
      words = error.message;
    }
    for (const box of boxes)
      box.classList.toggle('hit', Boolean(self.found && self.found.items.includes(box)));
    self.page.tell(words);
    keepState({ zoom: kept ? [lines.get(kept)[0]] : [], search: query });
  }

  function said() {
    return self.found ? foundText(self.found, self.at, data.whole, share, 'in functions not drawn') + ' self' : '';
  }

  function walk(step) {
    const items = self.found ? self.found.items : [];
    if (!items.length)
      return;
    self.at = (self.at + (self.at < 0 && step < 0 ? 0 : step) + items.length) % items.length;
    show(items[self.at]);
    items[self.at].scrollIntoView({ block: 'nearest', inline: 'nearest' });
    self.page.tell(said());
  }

  function restore() {
    const state = readState(window.location.hash);
    keepOnly(boxes.find((box) => lines.get(box)[0] === state.zoom[0]) || null);
    if (state.search !== self.query) {
      self.page.showSearch(state.search);
      search(state.search);
    }
  }

  function prepare() {
    layer.setAttribute('role', 'group');
    layer.setAttribute('aria-label', data.title);
    boxes.forEach((box, i) => {
      box.setAttribute('role', 'button');
      box.setAttribute('tabindex', i ? -1 : 0);
      const texts = [...box.querySelectorAll('text')];
      const written = texts.map((text) => text.textContent).join(' ');
      for (const text of texts)
        text.before(' ');
      box.setAttribute('aria-label', written && !written.includes('…') ? written : lines.get(box).join(' · '));
      box.setAttribute('aria-description', lines.get(box).join(' · '));
      box.addEventListener('click', () => keepOnly(box === kept ? null : box));
      box.addEventListener('focus', () => show(box));
      box.addEventListener('blur', () => show(kept));
    });
    for (const each of [...boxes, ...arcs]) {
      each.addEventListener('pointerenter', () => show(each));
      each.addEventListener('pointerleave', () => show(kept));
    }
  }

  function start() {
    prepare();
    self.page.draw(data.width, data.body, data.cuts);
    restore();
  }

  return Object.assign(self, { start, restore, reset, search, walk, press });
}
