import { makeApp } from './app.js';
import { makeModel, unpack } from './decode.js';
import { h } from './dom.js';

// The script stands before the still page, which it hides until it knows that it can do better.

function told(id) {
  return unpack(JSON.parse(document.getElementById(id).textContent));
}

function pictures() {
  const found = {};
  for (const id of ['graph', 'timeline'])
    found[id] = document.querySelector(`#still-${id} svg`);
  return found;
}

// The still page stays where anything goes wrong, and says so.
function fail(error) {
  document.documentElement.classList.remove('live');
  document.body.prepend(h('p', { class: 'failed', role: 'alert' }, `This page cannot be interactive here: ${error.message}`));
}

export async function begin() {
  try {
    const [profile, page] = await Promise.all([told('pv-data'), told('pv-page')]);
    if (!profile.metrics.length || !page.names.length)
      return document.documentElement.classList.remove('live'); // the still page says that nothing was recorded
    const { element, start } = makeApp(makeModel(profile, page), page, pictures());
    document.body.prepend(element);
    document.getElementById('still').remove();
    start();
    document.documentElement.dataset.live = 'ready';
  } catch (error) {
    fail(error);
    throw error;
  }
}
