import { middle } from '../svg/paint.js';
import { eachSeen, itemAt } from './arrange.js';
import { h } from './dom.js';
import { makeMirror } from './mirror.js';
import { fit, hatchOf, textSize } from './surface.js';

// A sunburst: the flame graph's rows as rings around what is zoomed to.

const centre = 44;
const leastRing = 20;
const mostRing = 72;
const leastTurn = 0.3 / 360;
const leastWords = 30;

// How many rings fit, and how wide they are: { wide, count, all }.
export function ringsOf(tree, zoom, radius) {
  const from = tree.start[zoom];
  const to = from + tree.width[zoom];
  let all = 0;
  for (let level = tree.level[zoom] + 1; level < tree.levels; level++, all++) {
    let isSeen = false;
    eachSeen(tree, level, from, to, 0, (item, start) => {
      isSeen = isSeen || (start >= from && start < to);
    });
    if (!isSeen)
      break;
  }
  const room = Math.max(radius - centre, leastRing);
  const count = Math.min(all, Math.floor(room / leastRing));
  return { all, count, wide: count ? Math.min(room / count, mostRing) : 0 };
}

// px for a line of words in a sector of a ring: along its middle, and outwards in a rectangle that has all its
// corners in the sector, whose middle is that far from the centre; 0 where a line is too high.
export function roomsOf(inner, wide, turns) {
  const high = textSize + 2;
  const half = turns * Math.PI;
  const outer = inner + wide - 1;
  const along = wide < textSize + 4 ? 0 : turns * 2 * Math.PI * (inner + wide / 2) - 4;
  const from = half < Math.PI / 2 ? Math.max(inner, high / 2 / Math.tan(half)) : inner;
  const to = Math.sqrt(outer * outer - high * high / 4);
  return { along, outwards: Math.max(to - from - 4, 0), middle: (from + to) / 2 };
}

export function makeRings(app, act) {
  const canvas = h('canvas', { 'aria-hidden': true });
  const words = h('p', { class: 'remark' });
  const box = h('div', { class: 'plane' }, canvas);
  const mirror = makeMirror({ label: 'Sunburst', isUp: () => false, tree: () => app.tree, spoken: (item) => app.spoken(app.tree, item), move: point, enter: (item) => act.pick(item) });
  const element = h('div', { class: 'rings' }, box, words, mirror.element);
  let shape = null;
  let pointed = -1;

  function turnsOf(start, width) {
    const whole = app.tree.width[app.zoom] || 1;
    const begin = (start - app.tree.start[app.zoom]) / whole;
    return [Math.max(begin, 0), Math.min(begin + width / whole, 1)];
  }

  function trace(context, ring, [from, to]) {
    const inner = centre + ring * shape.wide;
    const angle = (turn) => (turn - 0.25) * 2 * Math.PI;
    context.beginPath();
    context.arc(shape.x, shape.y, inner + shape.wide - 1, angle(from), angle(to));
    context.arc(shape.x, shape.y, inner, angle(to), angle(from), true);
    context.closePath();
  }

  // Along the ring, letter by letter.
  function writeAlong(context, label, radius, turn) {
    const isBelow = turn > 0.25 && turn < 0.75;
    const way = isBelow ? -1 : 1;
    const base = radius - way * middle(textSize);
    context.rotate(turn * 2 * Math.PI + (isBelow ? Math.PI : 0) - way * context.measureText(label).width / base / 2);
    for (const letter of label) {
      const half = way * context.measureText(letter).width / base / 2;
      context.rotate(half);
      context.fillText(letter, 0, -way * base);
      context.rotate(half);
    }
  }

  // Outwards, in the middle of the sector.
  function writeOutwards(context, label, radius, turn) {
    const isLeft = turn > 0.5;
    context.rotate((turn - 0.25) * 2 * Math.PI + (isLeft ? Math.PI : 0));
    context.textAlign = 'center';
    context.fillText(label, isLeft ? -radius : radius, middle(textSize));
    context.textAlign = 'left';
  }

  // Whichever way more of the name fits; never upside down.
  function write(context, item, ring, [from, to]) {
    const turn = (from + to) / 2;
    const room = roomsOf(centre + ring * shape.wide, shape.wide, to - from);
    const cut = (width) => (width < leastWords ? '' : app.label(app.tree, item, width));
    const along = cut(room.along);
    const outwards = room.outwards > room.along || along.includes('…') || !along ? cut(room.outwards) : '';
    const isAlong = along.length >= outwards.length;
    if (!along && !outwards)
      return;
    context.save();
    context.translate(shape.x, shape.y);
    if (isAlong)
      writeAlong(context, along, centre + (ring + 0.5) * shape.wide, turn);
    else
      writeOutwards(context, outwards, room.middle, turn);
    context.restore();
  }

  function seenOf(ring) {
    const { tree, zoom } = app;
    const from = tree.start[zoom];
    const seen = [];
    eachSeen(tree, tree.level[zoom] + 1 + ring, from, from + tree.width[zoom], leastTurn * tree.width[zoom], (item, start, width) => {
      const turns = turnsOf(start, width);
      if (start >= from && turns[1] > turns[0])
        seen.push([item, turns]);
    });
    return seen;
  }

  function fillArc(context, item) {
    const { tree } = app;
    context.globalAlpha = app.hits && (item < 0 || !app.isHit(tree, item)) ? 0.45 : 1;
    context.fillStyle = app.colours[item < 0 ? app.slots.rest : app.paint(tree, item)];
    context.fill();
    context.globalAlpha = 1;
    if (item >= 0 && app.isHatched(tree, item)) {
      context.fillStyle = hatchOf(context, app.colours, app.slots);
      context.fill();
    }
    context.lineWidth = 1;
    context.strokeStyle = app.colours[app.slots.background];
    context.stroke();
  }

  function outline(context, item, ring, turns) {
    const isChosen = app.isChosen(app.tree, item);
    if (!isChosen && item !== pointed && !app.isHit(app.tree, item))
      return;
    trace(context, ring, turns);
    context.lineWidth = item === pointed ? 2 : 1;
    context.strokeStyle = app.colours[isChosen && item !== pointed ? app.slots.text : app.slots.accent];
    context.stroke();
  }

  function drawRing(context, ring) {
    const seen = seenOf(ring);
    for (const [item, turns] of seen) {
      trace(context, ring, turns);
      fillArc(context, item);
    }
    context.fillStyle = app.colours[app.slots.text];
    context.textAlign = 'center';
    for (const [item, turns] of seen.filter(([each]) => each >= 0)) {
      write(context, item, ring, turns);
      outline(context, item, ring, turns);
    }
  }

  function drawMiddle(context) {
    const { tree, zoom } = app;
    context.beginPath();
    context.arc(shape.x, shape.y, centre - 2, 0, 2 * Math.PI);
    context.fillStyle = app.colours[app.paint(tree, zoom)];
    context.fill();
    if (pointed === zoom) {
      context.strokeStyle = app.colours[app.slots.accent];
      context.lineWidth = 2;
      context.stroke();
    }
    context.fillStyle = app.colours[app.slots.text];
    context.textAlign = 'center';
    context.fillText(app.label(tree, zoom, 2 * centre - 16), shape.x, shape.y - 2);
    context.fillText(app.percent(tree.value[zoom]), shape.x, shape.y + 14);
    context.textAlign = 'left';
  }

  function draw() {
    const width = box.clientWidth;
    const height = box.clientHeight;
    if (!app.tree || !width || !element.isConnected)
      return;
    const radius = Math.min(width, height) / 2 - 4;
    shape = { ...ringsOf(app.tree, app.zoom, radius), x: width / 2, y: height / 2 };
    const context = fit(canvas, width, height);
    context.font = `${textSize}px ${app.fonts}`;
    for (let ring = 0; ring < shape.count; ring++)
      drawRing(context, ring);
    drawMiddle(context);
    const hidden = shape.all - shape.count;
    words.textContent = `Angle: cost as a share of what is in the middle; rings: calls, outwards.${hidden > 0 ? ` ${hidden} more ${hidden === 1 ? 'level has' : 'levels have'} no room: click to go there.` : ''}`;
  }

  function itemUnder(event) {
    if (!shape)
      return -1;
    const x = event.offsetX - shape.x;
    const y = event.offsetY - shape.y;
    const distance = Math.hypot(x, y);
    if (distance < centre)
      return app.zoom;
    const ring = shape.wide ? Math.floor((distance - centre) / shape.wide) : shape.count;
    if (ring >= shape.count)
      return -1;
    const turn = (Math.atan2(y, x) / (2 * Math.PI) + 1.25) % 1;
    return itemAt(app.tree, app.tree.level[app.zoom] + 1 + ring, app.tree.start[app.zoom] + turn * app.tree.width[app.zoom]);
  }

  function point(item) {
    if (item === pointed)
      return;
    pointed = item;
    canvas.title = item < 0 ? '' : app.words(app.tree, item).join('\n');
    act.point(item);
    draw();
  }

  canvas.addEventListener('pointermove', (event) => point(itemUnder(event)));
  canvas.addEventListener('pointerleave', () => point(-1));
  canvas.addEventListener('click', (event) => {
    const item = itemUnder(event);
    if (item >= 0)
      act.pick(item === app.zoom ? Math.max(app.tree.parent[item], 0) : item);
  });
  new ResizeObserver(draw).observe(box);
  return { id: 'sunburst', title: 'Sunburst', element, update: (what) => {
    if (what === 'tree' || what === 'zoom')
      mirror.show(app.zoom);
    pointed = -1;
    draw();
  } };
}
