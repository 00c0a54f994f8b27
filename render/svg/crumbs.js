// The way to what is zoomed, where cells do not stand above each other.

import { margin } from './paint.js';

export const crumbHeight = 22;

// Gives the cells above the zoomed one a place in a row at the top; returns them.
export function placeCrumbs(view, top, room) {
  const above = view.cells.slice(0, view.base);
  const wide = Math.min(room / view.base, 240);
  above.forEach((cell, i) => (cell.rect = [margin + i * wide, top, wide, crumbHeight - 2]));
  return above;
}
