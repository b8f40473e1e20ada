// The rows of one sheet while they are filled in: what was typed, what was saved, what others saved. Knows no DOM.
//
// A row has an `id` by which the server keeps it, a `version` (how often it was saved), a `place` among the others, its
// `data`, and its `base`: what of it people fill in, as it was saved or opened. `conflict` is what another person has
// saved of it while it was changed here.
import { same } from "../merge.js";

const MOST_UNDONE = 200;

export class Model {
  /**
   * @param {{columns: Column[], rows: object[], saved?: object[], grows: boolean, most: number}} sheet
   *   `rows`: what stands; `saved`: rows as the server kept them, laid over it.
   */
  constructor({ columns, rows, saved = [], grows = false, most = 500 }) {
    Object.assign(this, { columns, grows, most, rows: [], gone: new Map(), heard: () => {} });
    this.own = columns.filter((column) => !column.fixed).map((column) => column.key);
    this.done = [];
    this.undone = [];
    this.joined = null;
    const names = namesOf(columns, rows, grows);
    this.rows = rows.map((data, index) => this.#row(names[index], index, structuredClone(data)));
    for (const row of saved) this.arrived(row);
  }

  #row(id, place, data, version = 0) {
    for (const column of this.columns) if (column.key in data) data[column.key] = column.read(data[column.key]);
    const row = { id, place, version, data, conflict: null, base: null };
    row.base = this.part(data);
    return row;
  }

  /** What of a row people fill in. */
  part(data) {
    return Object.fromEntries(this.own.map((key) => [key, data[key] ?? null]));
  }

  byId(id) {
    return this.rows[this.indexOf(id)];
  }

  /** Where a row stands, or -1. Every change of the order makes a new list of rows. */
  indexOf(id) {
    if (this.index?.of !== this.rows) this.index = { of: this.rows, at: new Map(this.rows.map((row, at) => [row.id, at])) };
    return this.index.at.get(id) ?? -1;
  }

  data() {
    return this.rows.map((row) => row.data);
  }

  /** Changes cells, [{id, key, value}], as one thing that can be undone. The ids of the rows that are another now. */
  set(edits) {
    const group = [];
    for (const { id, key, value } of edits) {
      const row = this.byId(id);
      if (!row || identical(row.data[key], value)) continue;
      group.push({ id, key, before: row.data[key], after: value });
      row.data[key] = value;
    }
    return this.#did(group);
  }

  /** Adds empty rows before the row of an id, or at the end; their ids. */
  add(count = 1, before = null) {
    const room = this.grows ? Math.max(0, Math.min(count, this.most - this.rows.length)) : 0;
    const at = before === null ? this.rows.length : this.indexOf(before);
    const low = this.rows[at - 1]?.place ?? (this.rows[at]?.place ?? 1) - 1;
    const high = this.rows[at]?.place ?? low + room + 1;
    const made = Array.from({ length: room }, (_, number) => {
      const data = Object.fromEntries(this.columns.map((column) => [column.key, startOf(column)]));
      const row = this.#row(newName(), low + ((high - low) * (number + 1)) / (room + 1), data);
      row.base = null;
      return row;
    });
    this.rows = [...this.rows.slice(0, at), ...made, ...this.rows.slice(at)];
    this.#did(made.map((row) => ({ added: row })));
    return made.map((row) => row.id);
  }

  remove(ids) {
    if (!this.grows) return [];
    const group = this.rows.filter((row) => ids.includes(row.id)).map((row) => ({ removed: row }));
    for (const { removed } of group) this.#takeAway(removed);
    return this.#did(group);
  }

  #takeAway(row) {
    this.rows = this.rows.filter((one) => one !== row);
    if (row.version > 0 || row.base !== null) this.gone.set(row.id, row);
  }

  #putBack(row) {
    this.gone.delete(row.id);
    this.rows = [...this.rows, row].sort((one, other) => one.place - other.place);
  }

  #did(group) {
    if (!group.length) return [];
    if (this.joined) this.joined.push(...group);
    else this.#keep(group);
    return idsOf(group);
  }

  #keep(group) {
    this.done.push(group);
    if (this.done.length > MOST_UNDONE) this.done.shift();
    this.undone = [];
    this.heard();
  }

  /** Does several things that are undone as one. */
  together(work) {
    const group = (this.joined = []);
    try {
      work();
    } finally {
      this.joined = null;
    }
    if (group.length) this.#keep(group);
    return idsOf(group);
  }

  undo() {
    return this.#turn(this.done, this.undone, (step) => {
      if (step.added) this.#takeAway(step.added);
      else if (step.removed) this.#putBack(step.removed);
      else this.#write(step.id, step.key, step.before);
    });
  }

  redo() {
    return this.#turn(this.undone, this.done, (step) => {
      if (step.added) this.#putBack(step.added);
      else if (step.removed) this.#takeAway(step.removed);
      else this.#write(step.id, step.key, step.after);
    });
  }

  #turn(from, to, act) {
    const group = from.pop();
    if (!group) return [];
    for (const step of from === this.done ? [...group].reverse() : group) act(step);
    to.push(group);
    this.heard();
    return idsOf(group);
  }

  #write(id, key, value) {
    const row = this.byId(id);
    if (row) row.data[key] = value;
  }

  /** Takes over what the server worked out of the rows as they were sent; a cell that was changed since then stays. */
  take(sent, answered) {
    if (!Array.isArray(answered) || answered.length !== this.rows.length || sent.length !== answered.length) return [];
    return this.rows.filter((row, index) => this.#takeRow(row, sent[index], answered[index])).map((row) => row.id);
  }

  #takeRow(row, sent, answered) {
    let changed = false;
    for (const [key, value] of Object.entries(answered)) {
      const unread = same(value, null) && !same(sent[key], null) && this.own.includes(key); // it stays to be corrected
      if (unread || !same(row.data[key], sent[key]) || same(row.data[key], value)) continue;
      row.data[key] = value;
      changed = true;
    }
    return changed;
  }

  /** The rows that the server does not have as they are here: [{id, version, place, data}], data null: taken away. */
  unsaved() {
    const changed = this.rows.filter((row) => !row.conflict && !same(this.part(row.data), row.base ?? NONE));
    const gone = [...this.gone.values()].map(({ id, version, place }) => ({ id, version, place, data: null }));
    return [...changed.map((row) => ({ id: row.id, version: row.version, place: row.place, data: this.part(row.data) })), ...gone];
  }

  get dirty() {
    return this.unsaved().length > 0 || this.conflicts().length > 0;
  }

  conflicts() {
    return this.rows.filter((row) => row.conflict);
  }

  /** The versions that are known here. */
  known() {
    return Object.fromEntries([...this.rows, ...this.gone.values()].filter((row) => row.version).map((row) => [row.id, row.version]));
  }

  /**
   * A row as the server keeps it: one's own, or another person's. "same", "taken", or "conflict" when both have changed
   * the same cell: then what was typed stays, and both are shown. `sent`: the row as it was handed in with this request.
   */
  arrived(given, sent = undefined) {
    const kept = { ...given, data: given.data && this.#read(given.data) };
    const row = this.byId(kept.id);
    if (sent !== undefined && kept.version === sent.version + 1 && alike(kept.data, sent.data)) return this.#saved(row, kept);
    if (!row) return this.#back(kept);
    const theirs = kept.data;
    const mine = this.part(row.data);
    const changed = this.own.filter((key) => !same(mine[key], row.base?.[key]));
    if (theirs === null) return changed.length && row.base ? this.#conflict(row, kept) : this.#lost(row);
    const before = row.base ?? {};
    const clash = changed.filter((key) => !same(theirs[key], before[key]) && !same(theirs[key], mine[key]));
    if (clash.length) return this.#conflict(row, kept);
    for (const key of this.own) if (!changed.includes(key)) row.data[key] = theirs[key] ?? row.data[key] ?? null;
    Object.assign(row, { version: kept.version, base: this.part(theirs), place: kept.place, conflict: null });
    return "taken";
  }

  #read(data) {
    return Object.fromEntries(this.columns.filter(({ key }) => key in data).map((column) => [column.key, column.read(data[column.key])]));
  }

  #saved(row, kept) {
    if (row) Object.assign(row, { version: kept.version, base: kept.data === null ? row.base : this.part(kept.data) });
    else this.gone.delete(kept.id);
    return "same";
  }

  /** A row that is not here: new, or taken away here while another person changed it; then his change counts. */
  #back(kept) {
    if (kept.data === null) return this.#forget(kept);
    const gone = this.gone.get(kept.id);
    const row = this.#row(kept.id, kept.place, { ...blank(this.columns), ...gone?.data, ...kept.data }, kept.version);
    this.#putBack(row);
    return "taken";
  }

  #forget(kept) {
    this.gone.delete(kept.id);
    return "same";
  }

  #lost(row) {
    this.rows = this.rows.filter((one) => one !== row);
    return "taken";
  }

  #conflict(row, kept) {
    row.conflict = { ...kept, data: kept.data && this.part(kept.data) };
    return "conflict";
  }

  /** Ends a conflict: what was typed here goes over what the other one has saved, or the other way round. */
  settle(id, mine) {
    const row = this.byId(id);
    if (!row?.conflict) return;
    const { data, version } = row.conflict;
    row.conflict = null;
    if (mine) Object.assign(row, { version, base: data ?? NONE });
    else if (data === null) this.rows = this.rows.filter((one) => one !== row);
    else Object.assign(row, { version, base: data, data: { ...row.data, ...data } });
    this.heard();
  }
}

const NONE = Object.freeze({ "": "nobody has saved it" });

/** By which name the server keeps each row that stands: by what identifies it, where nobody can change that. */
function namesOf(columns, rows, grows) {
  const keys = columns.filter((column) => column.identifies && column.fixed).map((column) => column.key);
  const taken = new Set();
  return rows.map((row, index) => {
    const own = keys.length && !grows ? `k:${JSON.stringify(keys.map((key) => row[key] ?? null))}`.slice(0, 190) : `s:${index}`;
    const name = taken.has(own) ? `s:${index}` : own;
    taken.add(name);
    return name;
  });
}

function newName() {
  return `n:${Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

const startOf = (column) => column.component.defaultValue ?? column.empty;
const blank = (columns) => Object.fromEntries(columns.map((column) => [column.key, column.empty]));
const idsOf = (group) => [...new Set(group.map((step) => step.id ?? (step.added ?? step.removed).id))];
const identical = (one, other) => one === other || (same(one, other) && typeof one === typeof other);
const alike = (one, other) => (one === null || other === null ? one === other : same(one, other));
