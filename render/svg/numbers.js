// Numbers for people, as the program prints them.

const prefixes = {
  count: [['', 1, 1e6], [' M', 1e6, 1e3], [' G', 1e9, 1e3], [' T', 1e12, 1e3], [' P', 1e15, 1e3], [' E', 1e18, Infinity]],
  ns: [[' ns', 1, 1e3], [' µs', 1e3, 1e3], [' ms', 1e6, 1e3], [' s', 1e9, Infinity]],
  bytes: [[' B', 1, 1024], [' KiB', 2 ** 10, 1024], [' MiB', 2 ** 20, 1024], [' GiB', 2 ** 30, 1024],
    [' TiB', 2 ** 40, 1024], [' PiB', 2 ** 50, 1024], [' EiB', 2 ** 60, Infinity]],
};

// "1,204"
export function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

function printed(number, digits) {
  return Number.isInteger(number) ? grouped(number) : number.toFixed(digits).replace(/\.?0+$/, '');
}

// part of whole: "12.3 %"
export function share(part, whole) {
  if (!whole)
    return '–';
  const of = Math.abs(whole);
  const is = Math.min(Math.abs(part), of);
  const sign = (part < 0) !== (whole < 0) && is ? '-' : '';
  if (is && is * 20000 < of)
    return sign ? '>-0.01 %' : '<0.01 %';
  const digits = is * 100 < of ? 2 : 1;
  return sign + printed(Math.round(is * 100 / of * 10 ** digits) / 10 ** digits, digits) + ' %';
}

// A difference relative to whole, which may be less than it: "+12.3 %", "×12.3".
export function percent(change, whole) {
  const of = Math.abs(whole);
  const is = Math.abs(change);
  if (!of || !is)
    return of ? '0 %' : '–';
  if (is * 20000 < of)
    return change < 0 ? '>-0.01 %' : '<+0.01 %';
  const [number, digits] = change > 0 && is >= of * 10 ? [is / of + 1, is / of < 99 ? 1 : 0] : [is / of * 100, is * 100 < of ? 2 : is < of ? 1 : 0];
  const words = printed(Math.round(number * 10 ** digits) / 10 ** digits, digits);
  return change > 0 && is >= of * 10 ? '×' + words : (change < 0 ? '-' : '+') + words + ' %';
}

// What became of a value.
export function became(base, head) {
  if (base === head)
    return '=';
  return base && head ? percent(head - base, base) : base ? 'gone' : 'new';
}

// Three significant digits of part / whole.
function rounded(part, whole) {
  let digits = 0;
  while (digits < 9 && part / whole * 10 ** digits < 100)
    digits++;
  return [Math.round(part / whole * 10 ** digits) / 10 ** digits, digits];
}

// The row of the prefix that is wanted for all.
function wantedRow(rows, metric) {
  const wanted = ' ' + (metric.prefix === 'us' ? 'µs' : metric.prefix);
  return wanted === ' k' ? [wanted, 1e3] : rows.find((each) => each[0] === wanted) || rows[0];
}

// The same in one prefix for all, with three places.
function inPrefix(part, rows, metric) {
  const row = wantedRow(rows, metric);
  const [whole, fraction] = (part / row[1]).toFixed(row[1] * metric.scale === 1 ? 0 : 3).split('.');
  return grouped(whole) + (fraction ? '.' + fraction : '') + row[0];
}

// A multiple of `step` on an axis that reaches `most`: one unit for all, as many places as they need.
export function tick(value, step, most, metric) {
  const rows = prefixes[metric.unit] || prefixes.count;
  let at = 0;
  let digits = 0;
  while (rows[at + 1] && most >= rows[at][2] * rows[at][1] * metric.scale)
    at++;
  const row = metric.prefix ? wantedRow(rows, metric) : rows[at];
  const whole = row[1] * metric.scale;
  while (digits < 9 && step * 10 ** digits % whole !== 0)
    digits++;
  return value ? printed(Math.round(value / whole * 10 ** digits) / 10 ** digits, digits) + row[0] : '0';
}

// "1.42 s" of a value in a metric { unit, scale, prefix }.
export function quantity(value, metric) {
  const rows = prefixes[metric.unit] || prefixes.count;
  const part = Math.abs(value) / metric.scale;
  const sign = value < 0 ? '-' : '';
  if (metric.prefix)
    return sign + inPrefix(part, rows, metric);
  if (!value)
    return '0' + (metric.unit === 'ns' ? ' s' : rows[0][0]);
  let at = 0;
  let [number, digits] = rounded(part, 1);
  while (number >= rows[at][2])
    [number, digits] = rounded(part, rows[++at][1]);
  return sign + printed(number, digits) + rows[at][0];
}
