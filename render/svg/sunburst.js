// A sunburst: cells as sectors of rings around a disc (render/rings.c, render/sunburst.c).

import { leastElement } from './cells.js';
import { crumbHeight, placeCrumbs } from './crumbs.js';
import { grouped, share } from './numbers.js';
import { make, margin, middle, place } from './paint.js';
import { outlineOf, shapeFor } from './rows.js';
import { cutsText, makeView } from './shape.js';
import { slack } from './text.js';

const fullTurn = 2 * Math.PI;
const disc = { least: 40, most: 80 };
const ring = { least: 22, most: 90 };
const textPad = 3;

export function ringsFor(radius, levels) {
  const inner = Math.min(Math.max(radius / levels, disc.least), disc.most);
  const width = levels > 1 ? Math.min((radius - inner) / (levels - 1), ring.most) : 0;
  return { disc: inner, width, outer: inner + width * (levels - 1) };
}

// Less the gap to its neighbours: turns clockwise from 12 o'clock, radii in px.
export function sectorOf(rings, from, to, ringAt) {
  const inner = ringAt ? rings.disc + rings.width * (ringAt - 1) : 0;
  const outer = ringAt ? inner + rings.width : rings.disc;
  const gap = Math.min(1, (to - from) * fullTurn * outer / 4) / fullTurn / outer;
  return { from, to: to - from < 1 ? to - gap : to, inner, outer: outer - 1 };
}

function roomAt({ from, to }, radius, turn, width) {
  const angle = (from + to) / 2 * fullTurn;
  return { x: radius * Math.sin(angle), y: -radius * Math.cos(angle), turn, width };
}

// The widest rectangles of a height in a sector, along the ring and outwards.
export function roomAlong(sector, height) {
  const { from, to, inner, outer } = sector;
  const half = height / 2;
  const side = (to - from) / 2 * fullTurn;
  const radius = (inner + outer) / 2;
  if (inner <= 0)
    return roomAt(sector, 0, 0, 2 * Math.sqrt(Math.max(outer ** 2 - half * half, 0)));
  if (radius + half > outer)
    return { width: 0 };
  let reach = Math.sqrt(outer ** 2 - (radius + half) ** 2);
  if (side < fullTurn / 4)
    reach = Math.min(reach, (radius - half) * Math.tan(side));
  const turn = (from + to) / 2 % 1 * 360;
  return roomAt(sector, radius, turn - (turn >= 270 ? 360 : turn > 90 ? 180 : 0), 2 * reach);
}

export function roomOutwards(sector, height) {
  const side = (sector.to - sector.from) / 2 * fullTurn;
  const half = height / 2;
  const from = side < fullTurn / 4 ? Math.max(sector.inner, half / Math.tan(side)) : sector.inner;
  const to = Math.sqrt(Math.max(sector.outer ** 2 - half * half, 0));
  if (sector.inner <= 0 || to <= from)
    return { width: 0 };
  const turn = (sector.from + sector.to) / 2 % 1 * 360;
  return roomAt(sector, (from + to) / 2, turn < 180 ? turn - 90 : turn - 270, to - from);
}

function bestRoom(sector, height, whole) {
  const along = roomAlong(sector, height);
  const out = roomOutwards(sector, height);
  return along.width >= whole || along.width >= out.width ? along : out;
}

export function makeSunburstLayout({ tree, data, font, totals, isGathered, labelOf, signedShare, addTexts }) {
  let view = null;
  let rings = null;
  let centre = null;
  let home = null;

  function draw(item, width) {
    const room = width - 2 * margin;
    const radius = Math.min(Math.max(Math.floor(room / 2), 84), 400);
    const most = Math.max(1, Math.floor((radius - disc.least) / ring.least));
    const shape = { ...shapeFor(data, 360), most };
    if (!home || home.radius !== radius)
      home = { view: makeView(tree, 0, 360, shape), radius };
    const body = ringsFor(radius, home.view.levels).outer;
    view = item ? makeView(tree, item, 360, shape) : home.view;
    const from = view.base ? crumbHeight : 0;
    placeCrumbs(view, data.top, room);
    rings = view.base ? ringsFor(body - from / 2, view.levels) : ringsFor(radius, view.levels);
    centre = [width / 2, data.top + from / 2 + body];
    for (const cell of view.cells.slice(view.base))
      cell.sector = sectorOf(rings, cell.start / view.whole, (cell.start + cell.value) / view.whole, cell.level - view.base);
    return { view, height: 2 * body };
  }

  function boxOf({ rect: [x, y, width, height] }) {
    return { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1 };
  }

  function point(turn, radius) {
    return `${place(centre[0] + radius * Math.sin(turn * fullTurn))} ${place(centre[1] - radius * Math.cos(turn * fullTurn))}`;
  }

  function arc(from, to, radius) {
    const half = (from + to) / 2;
    const by = `A${place(radius)} ${place(radius)} 0 0 ${to > from ? 1 : 0} `;
    return by + point(half, radius) + by + point(to, radius);
  }

  function path(cell) {
    const { from, to, inner, outer } = cell.sector;
    const isAll = to - from >= 1;
    const around = `M${point(from, outer)}${arc(from, to, outer)}${isAll ? 'Z' : ''}`;
    return inner <= 0 && isAll ? around : `${around}${isAll ? 'M' : 'L'}${point(to, inner)}${inner > 0 ? arc(to, from, inner) : ''}Z`;
  }

  function writeLine(group, words, room, down) {
    const turn = room.turn * Math.PI / 180;
    const by = down + middle(data.size);
    const x = place(centre[0] + room.x - by * Math.sin(turn));
    const y = place(centre[1] + room.y + by * Math.cos(turn));
    group.append(' ', make('text', { 'aria-hidden': true, x, y, 'font-size': data.size === 12 ? undefined : data.size,
      transform: room.turn ? `rotate(${place(room.turn)} ${x} ${y})` : undefined, 'text-anchor': 'middle' }, words));
  }

  function write(group, cell) {
    if (cell.level < view.base)
      return addTexts(group, cell, boxOf(cell));
    if (isGathered(cell))
      return null;
    const padded = (text) => font.width(text, data.size) + slack + 2 * textPad;
    const line = Math.ceil(data.size * 1.2);
    const words = signedShare(totals[cell.item]);
    const whole = padded(labelOf(cell, 1 << 20));
    const two = bestRoom(cell.sector, 2 * line, whole);
    const one = bestRoom(cell.sector, line, whole);
    const parent = tree.parent[cell.item]; // what is all of its caller repeats no number
    const hasShare = parent < 0 || data.w[parent] !== data.w[cell.item];
    const isTwo = hasShare && two.width >= padded(words) && two.width >= Math.min(whole, one.width);
    const room = isTwo ? two : one;
    const label = room.width > 2 * textPad && labelOf(cell, room.width - 2 * textPad);
    if (!label)
      return null;
    const hasBoth = hasShare && !isTwo && padded(label) + padded(words) <= room.width;
    writeLine(group, hasBoth ? `${label} ${words}` : label, room, isTwo ? -line / 2 : 0);
    if (isTwo)
      writeLine(group, words, room, line / 2);
    return null;
  }

  function find(x, y) {
    const [dx, dy] = [x - centre[0], y - centre[1]];
    const radius = Math.hypot(dx, dy);
    const turn = (Math.atan2(dx, -dy) / fullTurn + 1) % 1;
    return view.cells.find(({ rect, sector }) => (rect
      ? x >= rect[0] && x < rect[0] + rect[2] && y >= rect[1] && y < rect[1] + rect[3]
      : radius >= sector.inner && radius < sector.outer && turn >= sector.from && turn < sector.to));
  }

  return {
    draw,
    write,
    path,
    find,
    outline: (cell, inset) => (cell.level < view.base ? outlineOf(boxOf(cell), inset) : ['path', { d: path(cell) }, true]),
    isWide: ({ rect, sector }) => rect || (sector.to - sector.from) * fullTurn * sector.outer >= leastElement,
    cuts: () => cutsText(view, share, grouped, ['°', 'turn']),
  };
}
