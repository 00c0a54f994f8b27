// What is looked at, in the URL's fragment: #zoom=main;parse&search=json

export function writeState({ zoom, search }) {
  const parts = [];
  if (zoom.length)
    parts.push('zoom=' + zoom.map(encodeURIComponent).join(';'));
  if (search)
    parts.push('search=' + encodeURIComponent(search));
  return parts.length ? '#' + parts.join('&') : '';
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function readState(fragment) {
  const state = { zoom: [], search: '' };
  for (const part of fragment.replace(/^#/, '').split('&')) {
    const at = part.indexOf('=');
    const key = part.slice(0, at);
    const value = part.slice(at + 1);
    if (key === 'zoom')
      state.zoom = value.split(';').map(decoded);
    if (key === 'search')
      state.search = decoded(value);
  }
  return state;
}

// Pages without a place of their own (data:, srcdoc) have no state to keep.
export function keepState(state) {
  try {
    window.history.replaceState(window.history.state, '', writeState(state) || window.location.pathname + window.location.search);
  } catch {
    return false;
  }
  return true;
}

// The frame that a path of names leads to; as far as it leads.
export function followPath(tree, nameOf, names) {
  let at = 0;
  for (const name of names) {
    let child = tree.first[at];
    while (child < tree.last[at] && (tree.parent[child] !== at || nameOf(child) !== name))
      child++;
    if (child >= tree.last[at])
      break;
    at = child;
  }
  return at;
}
