// The page of many profiles: the table sorts by any column. What is there without it stays readable.

function keyOf(row, column) {
  const cell = row.cells[column];
  const by = cell?.dataset.by;
  if (by !== undefined)
    return Number(by);
  const text = cell?.textContent ?? '';
  return column === 0 ? Number(text) : text;
}

function compare(a, b) {
  if (typeof a === 'number' && typeof b === 'number')
    return a - b;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

// What could not be read has fewer cells, and stands last whatever the order.
function sortRows(body, column, sign, whole) {
  const rows = [...body.rows].map((row, at) => ({ row, at, isShort: row.cells.length < whole }));
  rows.sort((a, b) => {
    if (a.isShort !== b.isShort && column > 2)
      return a.isShort ? 1 : -1;
    return sign * compare(keyOf(a.row, column), keyOf(b.row, column)) || a.at - b.at;
  });
  body.append(...rows.map(({ row }) => row));
}

function makeSortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    if (head.textContent === 'shape')
      return;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const isNumber = head.className === 'number' && column > 0;
      const first = isNumber ? 'descending' : 'ascending';
      const other = isNumber ? 'ascending' : 'descending';
      const order = head.getAttribute('aria-sort') === first ? other : first;
      for (const each of heads)
        each.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', order);
      sortRows(table.tBodies[0], column, order === 'ascending' ? 1 : -1, heads.length);
    });
  });
}

makeSortable(document.getElementById('all'));
