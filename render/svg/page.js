import { breakLines } from './text.js';
import { make, makeButton, makeHtml, margin, middle, paint, place, slotOf } from './paint.js';

const header = 72;
const line = 20;
const swatch = 12;

// Header, footer and controls of a page; `act` is { search(text), walk(step), reset(), close() }.
export function makePage(root, data, font, act) {
  const grey = slotOf(data, 'u');
  const group = root.querySelector('g.page');
  const main = group.parentNode;
  const facts = make('text', { x: margin, y: place(50 + middle(12)), ...paint(data, grey) });
  const isWide = data.kind === 'graph';
  const back = make('rect', { height: header - 6, ...paint(data, slotOf(data, 'bg')) });
  const words = make('g', { class: 'page' });
  const found = make('text', { y: place((isWide ? 26 : 50) + middle(12)), 'text-anchor': isWide ? 'start' : 'end', role: 'status' });
  const input = makeHtml('input', { type: 'search', 'aria-label': 'Search for a function', placeholder: 'text or /regular expression/', spellcheck: 'false' });
  const field = make('foreignObject', { width: 220, height: 22 }, input);
  const controls = make('g', { class: 'controls' });
  const head = make('g', { class: 'head' }, back, words, controls);
  const buttons = {
    reset: makeButton(data, 'Reset zoom', 84, act.reset),
    search: makeButton(data, 'Search', 60, openSearch),
    keys: makeButton(data, '?', 20, toggleKeys),
  };
  buttons.keys.setAttribute('aria-label', 'Keys');
  let width = data.width;
  let height = 0;
  let shown = '';
  let shownKeys = data.keys;
  let help = null;
  let isSearching = false;

  function text(words, x, y, size, extra) {
    return make('text', { x, y: place(y + middle(size)), ...paint(data, grey), ...extra }, words);
  }

  function key([fill, stroke, dotted, hatched, words], x, y) {
    const box = { x: place(x), y: y + 4, width: swatch, height: swatch, rx: 2 };
    const made = [make('rect', { ...box, ...paint(data, fill, stroke), 'stroke-dasharray': dotted ? '2 2' : undefined, 'stroke-width': dotted || !stroke ? undefined : 0.8 })];
    if (hatched)
      made.push(make('rect', { ...box, fill: 'url(#pv-hatch)' }));
    return [...made, text(words, place(x + swatch + 6), y + 10, 12)];
  }

  function keys(y) {
    const made = [];
    let x = margin;
    for (const each of shownKeys) {
      const words = font.tail(each[4], 12, 200);
      const wide = swatch + 6 + font.width(words, 12);
      if (x > margin && x + wide > width - margin) {
        x = margin;
        y += line;
      }
      made.push(...key([...each.slice(0, 4), words], x, y));
      x += wide + margin;
    }
    return [made, shownKeys.length ? y + line : y];
  }

  function wide(control) {
    return control === field ? 220 : Number(control.firstChild.getAttribute('width'));
  }

  // Right in the head; behind the title where the page is wider than what is seen of it. Returns the
  // room that is left for the title.
  function placeControls() {
    const all = [...controls.children];
    const taken = all.reduce((sum, each) => sum + wide(each) + 8, 0);
    const right = width - margin - font.width(data.version, 12) - 8 - taken;
    const behind = margin + font.width(data.title, 15, true) + margin;
    let x = isWide ? Math.min(right, behind) : right;
    const room = x - margin;
    for (const each of all) {
      if (each === field) {
        field.setAttribute('x', place(x));
        field.setAttribute('y', margin - 1);
      } else {
        each.setAttribute('transform', `translate(${place(x)} ${margin})`);
      }
      x += wide(each) + 8;
    }
    found.setAttribute('x', isWide ? place(x + 8) : width - margin);
    return room;
  }

  // Draws all for a page of this width; returns its height.
  function draw(newWidth, body, cuts, keysOf) {
    width = newWidth;
    shownKeys = keysOf || data.keys;
    const room = placeControls();
    const [made, below] = keys(header + body + 12);
    let y = below;
    for (const sentence of [data.legend, cuts, data.notes])
      for (const each of breakLines(font, sentence, 12, width - 2 * margin)) {
        made.push(text(each, margin, y + 10, 12));
        y += line;
      }
    const title = make('text', { x: margin, y: place(26 + middle(15)), 'font-size': 15, 'font-weight': 600 }, font.cut(data.title, 15, room, true));
    back.setAttribute('width', place(width));
    words.replaceChildren(title, text(data.version, width - margin, 26, 12, { 'text-anchor': 'end', y: title.getAttribute('y') }), facts, found);
    group.replaceChildren(...made);
    say(shown);
    height = y + 12;
    return height;
  }

  // The head goes along where a page is scrolled: what is pointed at is told where one looks.
  function pin() {
    const { a, d, e, f } = root.getScreenCTM();
    const x = isWide ? Math.min(Math.max(-e / a, 0), width / 2) : 0;
    const y = Math.min(Math.max(-f / d, 0), height - header);
    head.setAttribute('transform', `translate(${place(x)} ${place(y)})`);
  }

  // Words about what is pointed at: [its name, which is cut where room is short, the rest].
  function say(told) {
    shown = told;
    const taken = found.textContent && !isWide ? font.width(found.textContent, 12) + margin : 0;
    const room = width - 2 * margin - taken;
    const [name, rest] = told || [data.facts, ''];
    facts.textContent = font.cut(name, 12, Math.max(room - font.width(rest, 12), 60)) + rest;
    facts.setAttribute('class', told ? 't said' : 'u');
    facts.setAttribute('fill', data.paints[slotOf(data, told ? 't' : 'u')][1]);
  }

  function tell(result) {
    found.textContent = result;
    say(shown);
  }

  let canReset = false;

  // Only what changes moves: a field that is taken out loses the focus.
  function arrange() {
    const wanted = [canReset && buttons.reset, isSearching ? field : buttons.search, buttons.keys].filter(Boolean);
    for (const each of [...controls.children])
      if (!wanted.includes(each))
        each.remove();
    wanted.forEach((each, i) => {
      if (controls.children[i] !== each)
        controls.insertBefore(each, controls.children[i] || null);
    });
    placeControls();
  }

  function allowReset(can) {
    canReset = can;
    arrange();
  }

  function openSearch() {
    isSearching = true;
    arrange();
    input.focus({ preventScroll: true });
    input.select();
  }

  function closeSearch() {
    isSearching = false;
    input.value = '';
    arrange();
  }

  function toggleKeys() {
    if (help) {
      help.remove();
      help = null;
      return;
    }
    const rows = data.help;
    const box = { x: place(isWide ? margin : (width - 440) / 2), y: header, width: 440, height: rows.length * line + 24, rx: 4 };
    help = make('g', { class: 'help', role: 'note', 'aria-label': 'Keys' }, make('rect', { ...box, ...paint(data, slotOf(data, 'sf'), slotOf(data, 'bd')) }));
    rows.forEach(([name, meaning], i) => {
      const y = header + 22 + i * line + middle(12);
      help.append(make('text', { x: Number(box.x) + 16, y: place(y), 'font-weight': 600 }, name), make('text', { x: Number(box.x) + 160, y: place(y) }, meaning));
    });
    help.addEventListener('click', toggleKeys);
    head.append(help);
  }

  input.addEventListener('input', () => act.search(input.value));
  input.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Enter' || event.key === 'F3') {
      event.preventDefault();
      act.walk(event.shiftKey ? -1 : 1);
    }
    if (event.key === 'Escape')
      act.close();
  });
  main.append(head);
  arrange();
  window.addEventListener('scroll', pin, { capture: true, passive: true });
  return { draw, pin, say, tell, allowReset, openSearch, closeSearch, toggleKeys, hasHelp: () => Boolean(help), showSearch(query) {
    isSearching = true;
    input.value = query;
    arrange();
  } };
}
