// What is looked at, in the URL's fragment: #view=flame&zoom=main;parse&search=json

const lists = ['zoom'];

function plain(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Only what differs from `usual` is written.
export function writeFragment(state, usual) {
  const parts = [];
  for (const key of Object.keys(usual)) {
    const value = state[key];
    if (lists.includes(key) ? value.length : value !== usual[key])
      parts.push(`${key}=${lists.includes(key) ? value.map(encodeURIComponent).join(';') : encodeURIComponent(value)}`);
  }
  return parts.length ? '#' + parts.join('&') : '';
}

export function readFragment(fragment, usual) {
  const state = { ...usual };
  for (const part of fragment.replace(/^#/, '').split('&')) {
    const at = part.indexOf('=');
    const key = part.slice(0, at);
    if (at < 0 || !Object.hasOwn(usual, key))
      continue;
    const value = part.slice(at + 1);
    state[key] = lists.includes(key) ? value.split(';').filter(Boolean).map(plain) : plain(value);
  }
  return state;
}

// Pages without a place of their own (data:, srcdoc) have no state to keep.
export function keepFragment(text) {
  try {
    window.history.replaceState(window.history.state, '', text || window.location.pathname + window.location.search);
  } catch {
    return false;
  }
  return true;
}
