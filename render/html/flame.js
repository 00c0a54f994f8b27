import { middle } from '../svg/paint.js';
import { pathOf } from '../svg/shape.js';
import { eachSeen, itemAt } from './arrange.js';
import { h } from './dom.js';
import { makeMirror } from './mirror.js';
import { animate, fit, hatchOf, makeBuckets, rowHeight, textSize } from './surface.js';

const pad = 4;
const leastDrawn = 0.5;
const leastLabel = 30;
const leastShare = 24;
const faded = 0.45;

// Rows of cells on a canvas that draws what is seen of them. `app` knows names and colours, `act` is
// { point(item), pick(item) }: what the pointer or the cursor is at, and what was chosen.
export function makeFlame(app, label, act) {
  const canvas = h('canvas', { 'aria-hidden': true });
  const spacer = h('div', { class: 'spacer' });
  const ring = h('div', { class: 'ring', hidden: true });
  const scroll = h('div', { class: 'scroll' }, h('div', { class: 'still' }, canvas), spacer, ring);
  const buckets = makeBuckets(app.slots);
  const self = { isUp: false, hasRoot: true, tree: null, zoom: 0, from: 0, to: 1, axis: null, foot: 0 };
  const mirror = makeMirror({ label, isUp: () => self.isUp, tree: () => self.tree, spoken: (item) => app.spoken(self.tree, item), move, enter: (item) => act.pick(item) });
  const element = h('div', { class: 'flame' }, scroll, mirror.element);
  let width = 0;
  let height = 0;
  let total = 0;
  let stop = () => {};
  let isWaiting = false;
  let ringed = -1;
  let drag = null;

  function levels() {
    return self.tree.levels - (self.hasRoot ? 0 : 1);
  }

  function yOf(level) {
    const row = level - (self.hasRoot ? 0 : 1);
    return self.isUp ? total - (row + 1) * rowHeight : row * rowHeight;
  }

  function levelAt(y) {
    const row = Math.floor((self.isUp ? total - y : y) / rowHeight);
    return row + (self.hasRoot ? 0 : 1);
  }

  // What stands on the ground stays there when the room changes.
  function measure() {
    const wasDown = self.isUp && scroll.scrollTop + height >= total - 2;
    const [before, room] = [total, height];
    width = scroll.clientWidth;
    height = scroll.clientHeight;
    total = Math.max(levels() * rowHeight + self.foot, height);
    spacer.style.height = `${total}px`;
    if (wasDown && (total !== before || height !== room))
      scroll.scrollTop = total;
  }

  function boxOf(start, wide, level) {
    const scale = width / (self.to - self.from);
    const left = Math.max((start - self.from) * scale, 0);
    const right = Math.min((start + wide - self.from) * scale, width);
    const gap = right - left < 4 ? (right - left) / 4 : 1;
    return [left, yOf(level) - scroll.scrollTop, Math.max(right - left - gap, 0), rowHeight - 1];
  }

  // Cells of one level into buckets; what has room for words, into `labels`.
  function drawLevel(level, base, labels) {
    const { tree } = self;
    const scale = width / (self.to - self.from);
    eachSeen(tree, level, self.from, self.to, leastDrawn / scale, (item, start, wide) => {
      const box = boxOf(start, wide, level);
      const isBelow = level < base && !self.axis;
      const dim = isBelow || (app.hits && (item < 0 || !app.isHit(tree, item)));
      buckets.add(item < 0 ? app.slots.rest : app.paint(tree, item), dim, ...box);
      if (item < 0)
        return;
      if (box[2] >= leastLabel || app.isHit(tree, item) || app.isChosen(tree, item) || app.isHatched(tree, item))
        labels.push([item, box]);
    });
  }

  function write(context, item, [x, y, wide]) {
    const { tree } = self;
    const { text, width: taken } = app.fitting(tree, item, wide - 2 * pad + 2, textSize);
    if (!text)
      return;
    const base = y + Math.floor((rowHeight - 1) / 2 + middle(textSize));
    context.fillText(text, x + pad, base);
    const room = wide - 2 * pad - taken - 12;
    const words = room < leastShare ? '' : app.shareWords(tree, item);
    const needed = words ? app.font.width(words, textSize) : 0;
    if (words && room >= needed)
      context.fillText(words, x + wide - pad - needed, base);
  }

  function drawLabels(context, labels) {
    const { tree } = self;
    context.font = `${textSize}px ${app.fonts}`;
    for (const [item, box] of labels) {
      if (app.isHatched(tree, item) && box[2] > 1) {
        context.fillStyle = hatchOf(context, app.colours, app.slots);
        context.fillRect(...box);
      }
      context.fillStyle = app.colours[app.slots.text];
      if (box[2] >= leastLabel)
        write(context, item, box);
    }
    for (const [item, [x, y, wide, high]] of labels) {
      const isChosen = app.isChosen(tree, item);
      if (wide < 1 || !(isChosen || app.isHit(tree, item)))
        continue;
      context.strokeStyle = app.colours[isChosen ? app.slots.text : app.slots.accent];
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, y + 0.5, Math.max(wide - 1, 0.5), high - 1);
    }
  }

  function draw() {
    isWaiting = false;
    if (!self.tree || !element.isConnected || !scroll.clientWidth)
      return;
    measure();
    const context = fit(canvas, width, height);
    const base = self.tree.level[self.zoom];
    const labels = [];
    const room = { from: self.from, to: self.to, width, height };
    if (self.axis)
      self.axis.lines(context, room);
    const ends = [levelAt(scroll.scrollTop), levelAt(scroll.scrollTop + height - 1)];
    const low = Math.max(Math.min(...ends), self.hasRoot ? 0 : 1);
    const high = Math.min(Math.max(...ends), self.tree.levels - 1);
    for (let level = low; level <= high; level++)
      drawLevel(level, base, labels);
    buckets.paint(context, app.colours, faded);
    drawLabels(context, labels);
    if (self.axis)
      self.axis.labels(context, room);
    if (ringed >= 0)
      placeRing();
  }

  function redraw() {
    if (!isWaiting)
      requestAnimationFrame(draw);
    isWaiting = true;
  }

  function placeRing() {
    const { tree } = self;
    const [x, y, wide, high] = boxOf(tree.start[ringed], tree.width[ringed], tree.level[ringed]);
    ring.hidden = wide <= 0 && tree.start[ringed] + tree.width[ringed] < self.from;
    ring.style.transform = `translate(${x}px, ${y + scroll.scrollTop}px)`;
    ring.style.width = `${Math.max(wide, 2)}px`;
    ring.style.height = `${high}px`;
  }

  function point(item) {
    ringed = item;
    ring.hidden = item < 0;
    if (item >= 0)
      placeRing();
  }

  // The keyboard's cursor: it has to be seen.
  function move(item) {
    if (item < 0) {
      point(-1);
      act.point(-1);
      return;
    }
    const { tree } = self;
    const scale = width / (self.to - self.from);
    if (tree.start[item] >= self.to || tree.start[item] + tree.width[item] <= self.from || tree.width[item] * scale < 2)
      look(tree.parent[item] >= 0 && tree.width[tree.parent[item]] < self.to - self.from ? tree.parent[item] : item);
    reveal(item);
    point(item);
    act.point(item);
  }

  function reveal(item) {
    const y = yOf(self.tree.level[item]);
    if (y < scroll.scrollTop)
      scroll.scrollTop = y - rowHeight;
    else if (y + rowHeight > scroll.scrollTop + height)
      scroll.scrollTop = y + 2 * rowHeight - height;
  }

  function setWindow(from, to) {
    const whole = self.tree.width[0];
    const wide = Math.min(Math.max(to - from, whole / 1e9), whole);
    self.from = Math.min(Math.max(from, 0), whole - wide);
    self.to = self.from + wide;
  }

  // Moves the window to an item.
  function look(item) {
    const [from, to] = [self.from, self.to];
    const target = [self.tree.start[item], self.tree.start[item] + Math.max(self.tree.width[item], 1e-9)];
    stop();
    stop = animate(160, (part) => {
      setWindow(from + (target[0] - from) * part, to + (target[1] - to) * part);
      draw();
    });
  }

  // The item that fills the width; its callers stay, faded.
  function zoom(item, isQuick) {
    self.zoom = item;
    if (!width || isQuick) {
      stop();
      self.from = self.tree.start[item];
      self.to = self.from + self.tree.width[item];
      redraw();
    } else {
      look(item);
    }
    if (width)
      reveal(item);
    mirror.show(item);
  }

  function setTree(tree) {
    stop();
    self.tree = tree;
    self.zoom = 0;
    self.from = 0;
    self.to = tree.width[0] || 1;
    ringed = -1;
    ring.hidden = true;
    mirror.show(0);
    if (scroll.clientWidth) {
      measure();
      scroll.scrollTop = self.isUp ? total : 0;
    }
    redraw();
  }

  function itemUnder(event) {
    const box = scroll.getBoundingClientRect();
    const place = self.from + (event.clientX - box.left) * (self.to - self.from) / width;
    const level = levelAt(event.clientY - box.top + scroll.scrollTop);
    return level < (self.hasRoot ? 0 : 1) ? -1 : itemAt(self.tree, level, place);
  }

  function shift(pixels) {
    const by = pixels * (self.to - self.from) / width;
    setWindow(self.from + by, self.to + by);
    redraw();
  }

  function scaleAt(event, factor) {
    const place = self.from + (event.clientX - scroll.getBoundingClientRect().left) * (self.to - self.from) / width;
    setWindow(place - (place - self.from) * factor, place + (self.to - place) * factor);
    redraw();
  }

  scroll.addEventListener('scroll', redraw, { passive: true });
  scroll.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && !event.shiftKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY))
      return;
    event.preventDefault();
    stop();
    if (event.ctrlKey)
      scaleAt(event, Math.exp(Math.min(Math.max(event.deltaY, -60), 60) / 200));
    else
      shift(event.deltaX || event.deltaY);
  }, { passive: false });
  scroll.addEventListener('pointerdown', (event) => {
    drag = event.button === 0 && event.pointerType === 'mouse' && event.offsetX <= width ? { x: event.clientX, y: event.clientY, top: scroll.scrollTop, isMoving: false } : null;
  });
  scroll.addEventListener('pointermove', (event) => {
    if (drag && (drag.isMoving || Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > 4)) {
      drag.isMoving = true;
      shift(drag.x - event.clientX);
      drag.x = event.clientX;
      scroll.scrollTop = drag.top + drag.y - event.clientY;
      return;
    }
    const item = itemUnder(event);
    if (item !== ringed) {
      point(item);
      scroll.title = item < 0 ? '' : app.words(self.tree, item).join('\n');
      act.point(item);
    }
  });
  scroll.addEventListener('pointerleave', () => {
    drag = null;
    point(-1);
    act.point(-1);
  });
  scroll.addEventListener('click', (event) => {
    const wasMoving = drag && drag.isMoving;
    drag = null;
    const item = wasMoving ? -1 : itemUnder(event);
    if (item >= 0)
      act.pick(item);
  });
  new ResizeObserver(draw).observe(scroll);

  return Object.assign(self, { element, setTree, draw, redraw, look, mirror, reveal, zoomTo: zoom, path: () => pathOf(self.tree, self.zoom) });
}
