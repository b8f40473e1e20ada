// Which cells of a sheet are selected, and where the cursor goes. Knows rows and columns by their names, no DOM.

export class Selection {
  /** `rows` and `keys` give what is shown now, in order. */
  constructor(rows, keys) {
    Object.assign(this, { rows, keys, anchor: null, cursor: null });
  }

  place(cursor, extend = false) {
    this.cursor = cursor;
    if (!extend || !this.anchor) this.anchor = cursor;
  }

  all() {
    const [rows, keys] = [this.rows(), this.keys()];
    if (!rows.length) return;
    this.anchor = { id: rows[0], key: keys[0] };
    this.cursor = { id: rows.at(-1), key: keys.at(-1) };
  }

  /** Where the cursor stands among what is shown; the first cell when it stands nowhere. */
  #at(one, rows, keys) {
    return { row: Math.max(0, rows.indexOf(one?.id)), column: Math.max(0, keys.indexOf(one?.key)) };
  }

  /** Moves by so many rows and columns; false when it stands at the edge. */
  move(down, right, extend = false) {
    const [rows, keys] = [this.rows(), this.keys()];
    if (!rows.length) return false;
    const at = this.#at(this.cursor, rows, keys);
    const row = clamp(at.row + down, rows.length);
    const column = clamp(at.column + right, keys.length);
    const moved = row !== at.row || column !== at.column || !this.cursor;
    this.place({ id: rows[row], key: keys[column] }, extend);
    return moved;
  }

  /** To the next cell of the row, or to the first one of the next row; false at the end of all. */
  step(by) {
    const [rows, keys] = [this.rows(), this.keys()];
    const at = this.#at(this.cursor, rows, keys);
    const next = at.row * keys.length + at.column + by;
    if (next < 0 || next >= rows.length * keys.length) return false;
    this.place({ id: rows[Math.floor(next / keys.length)], key: keys[next % keys.length] });
    return true;
  }

  /** {rows, keys, top, left}: names of what is selected, and where it begins. */
  area() {
    const [rows, keys] = [this.rows(), this.keys()];
    if (!this.cursor || !rows.length) return { rows: [], keys: [], top: 0, left: 0 };
    const [one, other] = [this.#at(this.anchor, rows, keys), this.#at(this.cursor, rows, keys)];
    const [top, left] = [Math.min(one.row, other.row), Math.min(one.column, other.column)];
    return {
      top,
      left,
      rows: rows.slice(top, Math.max(one.row, other.row) + 1),
      keys: keys.slice(left, Math.max(one.column, other.column) + 1),
    };
  }
}

const clamp = (number, length) => Math.min(Math.max(number, 0), length - 1);
