import { button, h } from './dom.js';

// The call graph as the program laid it out: what belongs to a box stays, the rest fades.

export function makeGraph(app, act, picture) {
  const words = h('p', { class: 'remark' });
  const room = h('div', { class: 'sheet drawing', tabindex: 0, role: 'region', 'aria-label': 'Call graph' }, picture);
  const tools = h('div', { class: 'tools' }, button('−', () => scaleBy(1 / 1.25), { 'aria-label': 'Smaller' }), button('+', () => scaleBy(1.25), { 'aria-label': 'Larger' }), button('Fit', () => scaleTo(0)));
  const element = h('div', { class: 'graph' }, tools, room, words);
  const boxes = [...picture.querySelectorAll('.b')];
  const arcs = [...picture.querySelectorAll('.e')];
  const prefix = boxes.length ? boxes[0].id.replace(/\d+$/, '') : '';
  const byName = new Map(app.model.functions.full.map((name, func) => [name, func]));
  const funcOf = new Map();
  const size = { width: picture.viewBox.baseVal.width, height: picture.viewBox.baseVal.height };
  let scale = 0;

  function scaleTo(wanted) {
    scale = wanted;
    const fits = Math.min(1, room.clientWidth / size.width || 1);
    const now = Math.max(scale || fits, 0.05);
    picture.setAttribute('width', Math.round(size.width * now));
    picture.setAttribute('height', Math.round(size.height * now));
    return now;
  }

  function scaleBy(factor) {
    scaleTo(Math.min(scaleTo(scale) * factor, 8));
  }

  function nearTo(box) {
    const near = new Set([box.id]);
    for (const arc of arcs) {
      const ends = [arc.dataset.a, arc.dataset.b].map((id) => prefix + id);
      const isNear = ends.includes(box.id);
      arc.classList.toggle('near', isNear);
      if (isNear)
        ends.forEach((id) => near.add(id));
    }
    return near;
  }

  function mark(box) {
    picture.classList.toggle('picked', Boolean(box));
    const near = box ? nearTo(box) : new Set();
    for (const each of boxes) {
      each.classList.toggle('near', near.has(each.id));
      each.classList.toggle('on', each === box);
      each.setAttribute('aria-pressed', String(each === box));
    }
  }

  function boxOf(func) {
    return boxes.find((box) => funcOf.get(box) === func) || null;
  }

  boxes.forEach((box) => {
    const [name, ...rest] = box.querySelector('title').textContent.split('\n');
    const func = byName.get(name) ?? -1;
    funcOf.set(box, func);
    if (func < 0)
      return;
    box.setAttribute('tabindex', 0);
    box.setAttribute('role', 'button');
    const texts = [...box.querySelectorAll('text')];
    const written = texts.map((text) => text.textContent).join(' ');
    texts.forEach((text) => text.before(' '));
    box.setAttribute('aria-label', [written, name, ...rest].join(', '));
    box.addEventListener('click', () => act.choose(func));
    box.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ')
        return;
      event.preventDefault();
      act.choose(func);
    });
    for (const [on, off] of [['pointerenter', 'pointerleave'], ['focus', 'blur']]) {
      box.addEventListener(on, () => {
        mark(box);
        act.pointAt(func);
      });
      box.addEventListener(off, () => {
        mark(boxOf(app.func));
        act.pointAt(-1);
      });
    }
  });

  function update() {
    for (const box of boxes) {
      const func = funcOf.get(box);
      box.classList.toggle('hit', Boolean(app.hits && func >= 0 && app.hits[func]));
    }
    picture.classList.toggle('sought', Boolean(app.hits));
    mark(app.func >= 0 ? boxOf(app.func) : null);
    const { title } = app.model.metrics[app.page.metric] || { title: '' };
    const isOther = Number(app.state.metric) !== app.page.metric || app.state.thread;
    words.textContent = isOther ? `This picture shows ${title} of everything: it was laid out when the file was written, and other metrics and threads are in the other views.` : `Laid out when the file was written: ${title} of everything.`;
    if (app.func >= 0 && !boxOf(app.func))
      words.textContent += ' The chosen function is too small to have a box.';
    scaleTo(scale);
  }

  new ResizeObserver(() => scaleTo(scale)).observe(room);
  return { id: 'graph', title: 'Call graph', element, update };
}
