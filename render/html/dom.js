// Elements. Names come in as text and attributes only.

export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const name in attributes)
    if (attributes[name] !== undefined && attributes[name] !== false)
      element.setAttribute(name, attributes[name] === true ? '' : attributes[name]);
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function button(label, press, attributes) {
  const made = h('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', press);
  return made;
}

// A list of [value, text] to choose from, with its label.
export function choice(label, rows, value, change) {
  const list = h('select', { 'aria-label': label, title: label }, ...rows.map(([each, text]) => h('option', { value: each, selected: String(each) === String(value) }, text)));
  list.addEventListener('change', () => change(list.value));
  return list;
}
