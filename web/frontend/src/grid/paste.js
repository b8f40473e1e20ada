// Cells from the clipboard onto a sheet, and from a sheet onto the clipboard. Knows no DOM.
import { cellsOf, textOf } from "./clipboard.js";

/**
 * What a text means for the cells from a place on: {edits, rows, refused, left}. A single cell fills the whole selection.
 * `view`: {rows (ids as shown), columns (as shown), wide, high (of the selection)}; `judge`: {readonly, options} of a
 * cell by row and column. `rows`: how many rows are missing at the end; `refused`: cells that nobody may fill in.
 */
export function pasted(text, view, model, judge) {
  const lines = cellsOf(text);
  const one = lines.length === 1 && lines[0].length === 1;
  const high = one ? view.high : lines.length;
  const found = { edits: [], missing: [], refused: 0, left: 0 };
  for (let down = 0; down < high; down += 1) {
    const id = view.rows[view.top + down];
    if (id === undefined) {
      found.missing.push(lines[down]);
      continue;
    }
    onto(found, model.byId(id), one ? Array(view.wide).fill(lines[0][0]) : lines[down], view, judge);
  }
  return found;
}

/** The edits that put texts into a row, from a column on. What one cell opens to be filled in may stand left of it. */
export function onto(found, row, texts, view, judge) {
  let waiting = texts.map((text, across) => ({ text, column: view.columns[view.left + across] })).filter(({ column }) => column);
  const tried = { ...row, data: { ...row.data } };
  for (let round = 0; round < 2; round += 1) {
    waiting = waiting.filter(({ text, column }) => {
      if (judge.readonly({ ...tried }, column)) return true;
      const { value } = column.parsed(text, judge.options({ ...tried }, column));
      tried.data[column.key] = value;
      found.edits.push({ id: row.id, key: column.key, value });
      return false;
    });
  }
  found.refused += waiting.filter(({ text, column }) => text.trim() !== judge.shown(row, column)).length;
}

/** The selected cells as a text for the clipboard. */
export function copied(rows, columns, judge) {
  return textOf(rows.map((row) => columns.map((column) => judge.shown(row, column))));
}
