import { dots, slack } from './text.js';

// A name is [module, joint, function, arguments] and, where these do not tell it, its line or itself.

export function fullName([module, joint, name, rest, extra]) {
  if (typeof extra === 'string')
    return extra;
  return extra === undefined ? module + joint + name + rest : `${name}${rest} (${module}:${extra})`;
}

// The same, beginning as labels do.
export function spokenName([module, joint, name, rest, extra]) {
  return module + joint + name + rest + (extra === undefined ? '' : ` (${typeof extra === 'string' ? extra : 'line ' + extra})`);
}

// Before and behind what stands in the last angle brackets.
function withoutTemplate(text) {
  const close = text.lastIndexOf('>');
  let open = close;
  for (let depth = close < 0 ? 0 : 1; open > 0 && depth;) {
    open--;
    depth += text[open] === '>' ? 1 : text[open] === '<' || text.startsWith('->', open) ? -1 : 0;
    if (!depth)
      return open && open + 1 < close ? [text.slice(0, open + 1), dots, text.slice(close)] : null;
  }
  return null;
}

function nesting(letter) {
  return letter === '<' ? 1 : letter === '>' ? -1 : 0;
}

function separator(module, joint, at) {
  if (module[at] === '/' || module[at] === '\\')
    return 1;
  if (joint === '::')
    return module.startsWith('::', at) ? 2 : 0;
  return joint === '.' && module[at] === '.' ? 1 : 0;
}

function behindDots(module, at) {
  return module.slice(module[at] === '.' ? at + 1 : at);
}

// The module with its middle cut out, from the longest to its last part alone.
function cutModule(fits, module, joint, name) {
  let head = '';
  let cuts = 0;
  for (let i = 0, depth = 0; i < module.length && cuts < 24; i++) {
    const size = separator(module, joint, i);
    depth += nesting(module[i]);
    if (!size || depth > 0)
      continue;
    const made = head && ++cuts && fits(head, dots, behindDots(module, i), joint, name);
    if (made)
      return made;
    head = head || module.slice(0, i + size);
    i += size - 1;
  }
  let last = head ? module.length - 1 : -1;
  for (let depth = 0; last >= 0; last--) {
    depth -= nesting(module[last]);
    if (depth <= 0 && separator(module, joint, last))
      break;
  }
  if (last < 0)
    return '';
  return fits(dots, behindDots(module, last), joint, name) ||
    fits(module.slice(last + separator(module, joint, last)), joint, name);
}

// "render" of "views.py:Page.render"
function withoutClass([module, joint, name]) {
  const dot = name.lastIndexOf('.');
  return module && joint === ':' && dot > 0 && !/[0-9]/.test(name[dot + 1]) && !name.includes('<') ? name.slice(dot + 1) : '';
}

// The longest label that fits into `width` px: the steps of the program's own. isPlaced: what stands
// around it says the module.
export function frameLabel(font, size, parts, width, isPlaced) {
  const [module, joint, name, rest] = parts;
  const room = width - slack;
  const most = width / (size * 0.05) + 64;
  if (width < 30)
    return '';
  function fits(...pieces) {
    const text = pieces.join('');
    return text && text.length <= most && font.width(text, size) <= room ? text : '';
  }
  const bare = withoutClass(parts);
  const ofModule = withoutTemplate(module);
  const ofName = withoutTemplate(name);
  return (isPlaced ? fits(name, rest) : fits(module, joint, name, rest) || fits(module, joint, name) ||
    (ofModule && fits(...ofModule, joint, name)) || cutModule(fits, ofModule ? ofModule.join('') : module, joint, name)) ||
    fits(name) || fits(bare) || (ofName && fits(...ofName)) || font.cut(bare || name, size, width);
}
