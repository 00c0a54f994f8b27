// Elements. Names come in through attributes and textContent only.

const svgSpace = 'http://www.w3.org/2000/svg';
const htmlSpace = 'http://www.w3.org/1999/xhtml';

export function set(element, attributes) {
  for (const name in attributes)
    if (attributes[name] !== undefined)
      element.setAttribute(name, attributes[name]);
  return element;
}

export const margin = 16;

export function make(name, attributes, ...children) {
  const element = set(document.createElementNS(svgSpace, name), attributes);
  element.append(...children);
  return element;
}

export function makeHtml(name, attributes) {
  return set(document.createElementNS(htmlSpace, name), attributes);
}

// Class and colour of a slot of the palette as a fill or stroke.
export function paint(data, fill, stroke) {
  const inside = data.paints[fill];
  const border = data.paints[stroke];
  return {
    class: [inside && inside[0], border && 's-' + border[0]].filter(Boolean).join(' ') || undefined,
    fill: inside ? inside[1] : 'none',
    stroke: border && border[1],
  };
}

// The slot of a name that the picture uses for itself.
export function slotOf(data, name) {
  return Object.keys(data.paints).find((slot) => data.paints[slot][0] === name);
}

export function place(number) {
  return String(Math.round(number * 100) / 100);
}

// Distance from the middle of a row to the baseline of text centred in it.
export function middle(size) {
  return size * 1493 / 4096;
}

// A role that is no element's own: a group that acts as a button.
export function makeButton(data, label, width, press) {
  const box = make('rect', { width, height: 20, rx: 4, ...paint(data, slotOf(data, 'sf'), slotOf(data, 'bd')) });
  const text = make('text', { x: width / 2, y: place(10 + middle(12)), 'text-anchor': 'middle' }, label);
  const button = make('g', { class: 'button', role: 'button', tabindex: 0 }, box, text);
  button.addEventListener('click', (event) => {
    event.stopPropagation();
    press();
  });
  button.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ')
      return;
    event.preventDefault();
    event.stopPropagation();
    press();
  });
  return button;
}
