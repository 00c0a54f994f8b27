import { isRest } from './shape.js';

// A test of names: text anywhere in them (in any case unless it has capitals), or /regular
// expression/. Throws a SyntaxError where that is none.
export function makeTest(query) {
  const pattern = /^\/(.+?)(?:\/(i?))?$/.exec(query);
  if (pattern) {
    const expression = new RegExp(pattern[1], 'u' + (pattern[2] || ''));
    return (name) => expression.test(name);
  }
  return query === query.toLowerCase() ? (name) => name.toLowerCase().includes(query) : (name) => name.includes(query);
}

// Which frames match, left to right and upwards, and what they have together: a match inside of
// another adds nothing. gathered: what may match besides, in remainders that are in no match.
export function findInTree(tree, names, test) {
  const tested = names.map(test);
  const inside = new Uint8Array(tree.count);
  const found = { items: [], hits: new Uint8Array(tree.count), value: 0, gathered: 0 };
  for (let i = 0; i < tree.count; i++) {
    const parent = tree.parent[i];
    const covered = parent >= 0 && inside[parent];
    const hit = tree.name[i] >= 0 && tested[tree.name[i]];
    inside[i] = covered || hit ? 1 : 0;
    if (hit) {
      found.hits[i] = 1;
      found.items.push(i);
      found.value += covered ? 0 : tree.width[i];
    } else if (isRest(tree, i) && !covered) {
      found.gathered += tree.width[i];
    }
  }
  found.items.sort((a, b) => tree.start[a] - tree.start[b] || tree.level[a] - tree.level[b] || a - b);
  return found;
}

// What is said of a search: "12.3 % in 41 matches", "3 of 41".
export function foundText(found, at, whole, share, gatheredWord) {
  const count = found.items.length;
  const place = count && at >= 0 ? `${at + 1} of ${count}` : `${count} ${count === 1 ? 'match' : 'matches'}`;
  const more = found.gathered ? ` + up to ${share(found.gathered, whole)} ${gatheredWord}` : '';
  return `${place} · ${share(found.value, whole)}${more}`;
}
