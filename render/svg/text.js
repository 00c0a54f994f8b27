// Text is measured by the advances that the picture was made with, so that a label that is cut here
// is the label that the program would have cut.

const perEm = 2048;
const unknown = 2150;
export const dots = '…';
export const slack = 2;

// { width(text, size, bold), cut(text, size, room, bold), tail(text, size, room) } of the picture's table.
export function makeFont(data) {
  const wide = new Map(data.wide);
  function advance(letter, bold) {
    const code = letter.codePointAt(0);
    return code >= 32 && code < 127 ? (bold ? data.bold : data.font)[code - 32] : wide.get(code) ?? unknown;
  }
  function width(text, size, bold) {
    let sum = 0;
    for (const letter of text)
      sum += advance(letter, bold);
    return sum * size / perEm;
  }
  // As many of the letters as fit.
  function fitting(letters, size, room, bold) {
    let sum = 0;
    let count = 0;
    while (count < letters.length && (sum += advance(letters[count], bold)) * size / perEm <= room)
      count++;
    return count;
  }
  // The text, or its beginning with dots, or nothing where not even three letters fit.
  function cut(text, size, room, bold) {
    if (width(text, size, bold) <= room - slack)
      return text;
    const letters = [...text];
    const count = fitting(letters, size, room - slack - width(dots, size, bold), bold);
    return count < 3 ? '' : letters.slice(0, count).join('') + dots;
  }
  // The same of its end: paths tell more there.
  function tail(text, size, room) {
    if (width(text, size) <= room - slack)
      return text;
    const letters = [...text].reverse();
    const count = fitting(letters, size, room - slack - width(dots, size));
    return count < 3 ? '' : dots + letters.slice(0, count).reverse().join('');
  }
  return { width, fitting, cut, tail };
}

// May a line end at this blank? No percent sign or middle dot begins a line.
function isBreak(letters, at) {
  return letters[at] === ' ' && letters[at + 1] !== '%' && letters[at + 1] !== '·';
}

// A sentence in lines of at most this width.
export function breakLines(font, text, size, room) {
  const lines = [];
  let letters = [...text.trim()];
  while (letters.length && lines.length < 6) {
    let count = font.fitting(letters, size, room - slack);
    if (count < letters.length) {
      let blank = count;
      while (blank > 0 && !isBreak(letters, blank))
        blank--;
      count = blank || count || 1;
    }
    lines.push(letters.slice(0, count).join(''));
    letters = [...letters.slice(count).join('').trim()];
  }
  return lines;
}
