// One sheet on a page: its rows, what is wrong with them, its buttons, and how it is drawn (a grid, or cards).
import { Cards } from "./cards.js";
import { showConflicts } from "./conflicts.js";
import { onto, pasted } from "./paste.js";
import { Table } from "./table.js";
import { toolbarOf } from "./toolbar.js";

const NARROW = window.matchMedia("(max-width: 700px)");
const NEWS_MS = 8000;
const LONG = 8; // letters of a text that a column may cut off

export class View {
  /** `changed()`: something was typed; `name`: what the form calls the sheet. */
  constructor({ host, name, component, columns, model, rules, words, changed }) {
    Object.assign(this, { host, name, component, columns, model, rules, words, changed });
    Object.assign(this, { errors: new Map(), notes: new Map(), touched: new Set(), news: new Set(), everything: false });
    this.hasNotes = (component.components ?? []).some(({ type }) => type === "text");
    model.heard = () => this.#heard();
    this.bar = toolbarOf(this);
    this.conflicts = document.createElement("div");
    this.conflicts.className = "grid-conflicts";
    this.body = document.createElement("div");
    host.replaceChildren(this.bar.element, this.conflicts, this.body);
    this.#draw();
    NARROW.addEventListener("change", () => this.#draw());
  }

  #draw() {
    const place = document.createElement("div");
    this.body.replaceChildren(place);
    this.drawn?.grid?.destroy();
    this.drawn = new (NARROW.matches ? Cards : Table)(place, this);
    this.host.classList.toggle("is-narrow", NARROW.matches);
    this.drawn.ready.then(() => this.counted());
  }

  label() {
    return this.words.sheet.replace("{name}", this.component.label ?? "").replace("{all}", this.model.rows.length);
  }

  // -- cells ------------------------------------------------------------------------------------------------------

  options(row, column) {
    return this.rules.options(row, this.model.indexOf(row.id), column);
  }

  /** A value as it is read; what is hidden is not. */
  shown(row, column) {
    if (this.hidden(row, column)) return "";
    return column.shown(row.data[column.key], this.options(row, column), this.words);
  }

  hidden(row, column) {
    return this.rules.hidden(row, this.model.indexOf(row.id), column);
  }

  readonly(row, column) {
    const index = this.model.indexOf(row.id);
    return this.component.readonly === true || this.rules.readonly(row, index, column) || this.rules.hidden(row, index, column);
  }

  /** {text, wrong, warns} of a cell; what is not to be filled in shows nothing. */
  cell(row, column) {
    return { text: this.shown(row, column), wrong: this.#wrong(row, column), warns: this.notes.get(row.id)?.cells.has(column.key) ?? false };
  }

  #wrong(row, column) {
    const told = this.errors.get(row.id)?.get(column.key) ?? "";
    if (!this.touched.has(row.id)) return told;
    return this.rules.wrong(row, this.model.indexOf(row.id), column, { empty: this.everything }) || told;
  }

  /** What a text would be told while it is typed. */
  judged(row, column, text) {
    const { value } = column.parsed(text, this.options(row, column));
    const tried = { ...row, data: { ...row.data, [column.key]: value } };
    return this.rules.wrong(tried, this.model.indexOf(row.id), column, { empty: false });
  }

  note(row) {
    const note = this.notes.get(row.id);
    return note?.text ? note : null;
  }

  rowState(row) {
    if (row.conflict) return "is-conflict";
    if (this.columns.some((column) => this.cell(row, column).wrong)) return "is-wrong";
    return this.news.has(row.id) ? "is-news" : "";
  }

  // -- what is done -----------------------------------------------------------------------------------------------

  type(row, column, text) {
    this.set([{ id: row.id, key: column.key, value: column.parsed(text, this.options(row, column)).value }]);
  }

  set(edits) {
    this.#done(this.model.set(edits));
  }

  #done(ids) {
    for (const id of ids) {
      this.touched.add(id);
      this.errors.delete(id);
      const row = this.model.byId(id);
      if (row) this.rules.changed(row);
    }
    this.drawn.refresh(ids);
    this.counted();
  }

  #heard() {
    this.changed();
    this.bar.renew();
  }

  async add(count = 1, before = null) {
    const [first] = this.model.add(count, before);
    if (!first) return;
    await this.#restructured([]);
    this.drawn.focusCell(first);
  }

  async remove(ids) {
    await this.#restructured(this.model.remove(ids));
  }

  async turn(which) {
    const before = this.model.rows;
    const ids = this.model[which]();
    if (before === this.model.rows) this.#done(ids);
    else await this.#restructured(ids);
  }

  async #restructured(ids) {
    this.rules.again();
    await this.drawn.rebuild();
    this.#done(ids);
  }

  async paste(text, view) {
    const before = this.model.rows;
    let found = null;
    const ids = this.model.together(() => {
      found = pasted(text, view, this.model, this);
      const added = this.model.add(found.missing.length);
      added.forEach((id, at) => onto(found, this.model.byId(id), found.missing[at], view, this));
      found.left = found.missing.length - added.length;
      this.model.set(found.edits);
    });
    if (before === this.model.rows) this.#done(ids);
    else await this.#restructured(ids);
    this.say(this.#pasteTold(found));
  }

  #pasteTold({ edits, refused, left }) {
    const { words, model } = this;
    const lines = [words.pasted.replace("{cells}", edits.length)];
    if (refused) lines.push(words.notPasted.replace("{cells}", refused));
    if (left) lines.push((model.grows ? words.tooMany : words.noRoom).replace("{most}", model.most).replace("{rows}", left));
    return lines.join(" ");
  }

  /** Rows that were filled in elsewhere (a workbook): [{id, data}], new ones without id. */
  async takeIn(rows) {
    const ids = this.model.together(() => {
      const added = this.model.add(rows.filter(({ id }) => !id).length);
      for (const { id, data } of rows) {
        const own = id ?? added.shift();
        if (own) this.model.set(Object.entries(data).map(([key, value]) => ({ id: own, key, value })));
      }
    });
    await this.#restructured(ids);
  }

  // -- what is told -----------------------------------------------------------------------------------------------

  say(sentence, wrong = false) {
    this.bar.say(sentence, wrong);
  }

  /** What stands at the cursor: its fault, for whoever cannot see the mark, else the whole of a long text. */
  pointed(cursor) {
    const row = cursor && this.model.byId(cursor.id);
    const column = this.columns.find(({ key }) => key === cursor?.key);
    if (!row || !column) return;
    const { text, wrong } = this.cell(row, column);
    this.say(wrong || (text.length > LONG ? text : ""), wrong !== "");
  }

  counted() {
    const wrong = this.model.rows.filter((row) => ["is-wrong", "is-conflict"].includes(this.rowState(row))).length;
    this.bar.count(this.drawn.shownCount(), this.model.rows.length, wrong);
  }

  left() {
    this.bar.focus();
  }

  /** Errors and notes of the server, by cell; `everything`: also what is missing. The ids of rows as they were sent. */
  tell(errors, notes, ids, everything) {
    const before = new Set([...this.errors.keys(), ...this.notes.keys()]);
    this.errors = byRow(errors, ids);
    this.notes = new Map();
    for (const [[index, key], { text, warns }] of notes) {
      const id = ids[index];
      const note = this.notes.get(id) ?? { text: "", warns: false, cells: new Set() };
      this.notes.set(id, key === undefined ? { ...note, text, warns } : { ...note, cells: note.cells.add(key) });
    }
    const all = everything !== this.everything ? ids : [];
    this.everything = everything;
    this.drawn.refresh([...before, ...this.errors.keys(), ...this.notes.keys(), ...all]);
    this.counted();
  }

  /** Others have saved rows. */
  async heardOf({ people, rows, ids }, structure) {
    for (const id of ids) this.news.add(id);
    setTimeout(() => this.#old(ids), NEWS_MS);
    this.rules.again();
    if (structure) await this.drawn.rebuild();
    else this.drawn.refresh(ids);
    showConflicts(this);
    this.counted();
    this.say(this.words.others.replace("{people}", people.join("、")).replace("{rows}", rows));
    this.changed();
  }

  #old(ids) {
    for (const id of ids) this.news.delete(id);
    this.drawn.refresh(ids.filter((id) => this.model.byId(id)));
  }

  async settle(id, mine) {
    const before = this.model.rows;
    this.model.settle(id, mine);
    if (before === this.model.rows) this.#done([id]);
    else await this.#restructured([]);
    showConflicts(this);
  }

  focus(index, key) {
    const row = this.model.rows[index];
    if (row) this.drawn.focusCell(row.id, key);
    else this.host.scrollIntoView({ block: "center" });
  }
}

function byRow(errors, ids) {
  const found = new Map();
  for (const [[index, key], sentence] of errors) {
    const id = ids[index];
    if (!found.has(id)) found.set(id, new Map());
    found.get(id).set(key, sentence);
  }
  return found;
}
