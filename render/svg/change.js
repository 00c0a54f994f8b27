// A flame graph of two profiles: as wide as the larger side, in words both.

import { became, grouped, percent, quantity, share } from './numbers.js';
import { makeFlameLayout } from './rows.js';

export function makeChangeLayout(shared) {
  const { data, calls, zoomedShare } = shared;

  // "1.2 s → 1.8 s (+0.6 s, +50 %)"
  function both(base, change) {
    const words = change ? ` → ${quantity(base + change, data)} (${change > 0 ? '+' : ''}${quantity(change, data)}, ` : ' (';
    return quantity(base, data) + words + became(base, base + change) + ')';
  }

  function callsOf(item) {
    const before = data.m ? data.m[data.f[item]] : -1;
    return before >= 0 && calls(item) >= 0 ? [`calls ${grouped(before)} → ${grouped(calls(item))}`] : [];
  }

  function describe(cell) {
    const item = cell.item;
    if (item < 0 || data.f[item] < -1)
      return `${share(cell.value, data.w[0])} of the width, too narrow to be drawn one by one`;
    const change = data.t[item];
    return [
      both(data.b[item], change),
      ...(change && item ? [`${percent(change, data.of)} of all`] : []),
      ...zoomedShare(cell),
      ...(data.e[item] || data.s[item] ? ['self ' + both(data.e[item], data.s[item])] : []),
      ...callsOf(item),
      ...(change && data.k?.[item] ? ['may be chance'] : []),
      ...(data.h[item] & 1 ? ['estimated'] : []),
    ].join(' · ');
  }

  // "+3.2 %" of all, "new +3.2 %", "~ +0.1 %", "=".
  function mark(item) {
    const change = data.t[item];
    if (!change)
      return '=';
    const word = !data.b[item] ? 'new ' : data.b[item] + change ? '' : 'gone ';
    return (data.k?.[item] ? '~ ' : '') + word + percent(change, data.of);
  }

  return { ...makeFlameLayout(shared), describe, mark };
}
