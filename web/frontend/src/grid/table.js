// A sheet as a grid on a wide screen. Tabulator draws the rows that are in view, widths and frozen columns; what is
// selected, typed, copied and pasted is ours.
import { EditModule, FilterModule, FormatModule, FrozenColumnsModule, InteractionModule, ResizeColumnsModule, Tabulator } from "tabulator-tables";
import { gridColumns } from "./drawing.js";
import { copied } from "./paste.js";
import { Selection } from "./selection.js";

Tabulator.registerModule([EditModule, FilterModule, FormatModule, FrozenColumnsModule, InteractionModule, ResizeColumnsModule]);

const ROW = 34; // pixels
let grids = 0;

export class Table {
  /** `sheet`: what is shown and what is done with it (view.js). */
  constructor(host, sheet) {
    Object.assign(this, { host, sheet, editing: null, onlyWrong: false, name: `grid-${(grids += 1)}` });
    this.selection = new Selection(() => this.#shownIds(), () => sheet.columns.map(({ key }) => key));
    this.grid = new Tabulator(host, {
      index: "id",
      data: this.#data(),
      height: this.#height(),
      rowHeight: ROW,
      layout: "fitDataFill",
      nestedFieldSeparator: false,
      editTriggerEvent: "dblclick",
      placeholder: () => onlyRow(sheet.model.rows.length ? sheet.words.noMatch : sheet.words.empty),
      columnDefaults: { resizable: "header", vertAlign: "middle" },
      columns: gridColumns(this),
    });
    this.ready = new Promise((resolve) => this.grid.on("tableBuilt", resolve));
    this.ready.then(() => this.#dressed());
  }

  #data() {
    return this.sheet.model.rows.map(({ id }) => ({ id }));
  }

  #height() {
    const rows = Math.max(this.sheet.model.rows.length, 3) * ROW + 92;
    return Math.min(rows, Math.max(300, Math.round(window.innerHeight * 0.62)));
  }

  #dressed() {
    this.host.tabIndex = 0;
    this.host.setAttribute("aria-label", this.sheet.label());
    this.holder = this.host.querySelector(".tabulator-tableholder");
    this.holder.setAttribute("role", "rowgroup");
    this.host.querySelector(".tabulator-table").setAttribute("role", "presentation");
    this.host.removeAttribute("aria-owns"); // it names no element that there is
    this.host.addEventListener("keydown", (event) => this.#key(event));
    this.host.addEventListener("mousedown", (event) => this.#pointed(event));
    this.host.addEventListener("mouseover", (event) => event.buttons === 1 && this.dragging && this.#dragged(event));
    document.addEventListener("mouseup", () => (this.dragging = false));
    this.host.addEventListener("focus", () => this.selection.cursor ?? this.moved(this.selection.move(0, 0)));
    for (const kind of ["copy", "cut", "paste"]) this.host.addEventListener(kind, (event) => this.#clipboard(event));
  }

  rowOf(cell) {
    return this.sheet.model.byId(cell.getData().id);
  }

  // -- what is shown ---------------------------------------------------------------------------------------------

  #shownIds() {
    return this.grid.getRows("active").map((row) => row.getData().id);
  }

  /** Draws rows again whose cells have changed. */
  refresh(ids) {
    for (const id of new Set(ids)) {
      const row = this.editing?.id === id ? null : this.grid.getRow(id);
      if (row) row.reformat();
    }
  }

  refreshAll() {
    for (const row of this.grid.getRows("visible")) this.refresh([row.getData().id]);
    const seen = new Set(this.grid.getRows("visible").map((row) => row.getData().id));
    for (const row of this.grid.getRows()) if (!seen.has(row.getData().id)) this.refresh([row.getData().id]);
  }

  /** Rows were added or taken away. */
  async rebuild() {
    const left = this.holder?.scrollLeft ?? 0;
    this.grid.setHeight(this.#height());
    await this.grid.replaceData(this.#data());
    if (this.holder) this.holder.scrollLeft = left;
    this.host.setAttribute("aria-label", this.sheet.label());
    this.#paint();
  }

  showOnlyWrong(on) {
    this.grid.setFilter(on ? (data) => this.sheet.rowState(this.sheet.model.byId(data.id)) !== "" : []);
    this.sheet.counted();
  }

  shownCount() {
    return this.grid.getDataCount("active");
  }

  focusCell(id, key) {
    this.host.focus({ preventScroll: true });
    this.host.scrollIntoView({ block: "nearest" });
    this.selection.place({ id, key: key ?? this.sheet.columns[0].key });
    this.moved(true);
  }

  // -- selecting --------------------------------------------------------------------------------------------------

  mark(element, area = this.selection.area()) {
    const { id, key } = element.dataset;
    const cursor = this.selection.cursor;
    element.classList.toggle("is-selected", area.rows.includes(id) && area.keys.includes(key));
    element.classList.toggle("is-cursor", cursor !== null && cursor.id === id && cursor.key === key);
  }

  #paint() {
    const area = this.selection.area();
    const sets = { rows: area.rows, keys: area.keys };
    for (const element of this.host.querySelectorAll(".tabulator-cell[data-key]")) this.mark(element, sets);
    const { cursor } = this.selection;
    const current = cursor && this.host.querySelector(".tabulator-cell.is-cursor");
    if (current) this.host.setAttribute("aria-activedescendant", current.id);
    else this.host.removeAttribute("aria-activedescendant");
    this.sheet.pointed(cursor);
  }

  /** The cursor stands elsewhere. */
  moved(moved) {
    this.#reveal();
    this.#paint();
    return moved;
  }

  #reveal() {
    const { cursor } = this.selection;
    if (!cursor || !this.holder) return;
    const top = this.#shownIds().indexOf(cursor.id) * ROW;
    if (top < this.holder.scrollTop) this.holder.scrollTop = top;
    else if (top + ROW > this.holder.scrollTop + this.holder.clientHeight) this.holder.scrollTop = top + ROW - this.holder.clientHeight;
    const column = this.grid.getColumn(cursor.key);
    if (!column || column.getDefinition().frozen) return;
    const head = column.getElement();
    const covered = this.grid.getColumns().filter((one) => one.getDefinition().frozen).reduce((wide, one) => wide + one.getWidth(), 0);
    const left = head.offsetLeft - covered;
    const right = head.offsetLeft + head.offsetWidth - this.holder.clientWidth;
    if (left < this.holder.scrollLeft) this.holder.scrollLeft = left;
    else if (right > this.holder.scrollLeft) this.holder.scrollLeft = right;
  }

  #pointed(event) {
    const cell = event.target.closest(".tabulator-cell[data-key]");
    if (!cell || event.button !== 0 || (this.editing && cell.classList.contains("tabulator-editing"))) return;
    this.editing?.end(true);
    event.preventDefault(); // no text is selected
    this.host.focus({ preventScroll: true });
    this.dragging = true;
    this.selection.place({ id: cell.dataset.id, key: cell.dataset.key }, event.shiftKey);
    this.#paint();
  }

  #dragged(event) {
    const cell = event.target.closest(".tabulator-cell[data-key]");
    if (!cell) return;
    this.selection.place({ id: cell.dataset.id, key: cell.dataset.key }, true);
    this.#paint();
  }

  selectedIds() {
    return this.selection.area().rows;
  }

  // -- keys -------------------------------------------------------------------------------------------------------

  #hasFocus({ target }) {
    return target === this.host || target === this.holder;
  }

  #key(event) {
    if (!this.#hasFocus(event) || this.editing) return;
    const far = Math.max(1, Math.floor((this.holder?.clientHeight ?? ROW) / ROW) - 1);
    const command = event.ctrlKey || event.metaKey;
    const steps = {
      ArrowUp: [command ? -1e6 : -1, 0], ArrowDown: [command ? 1e6 : 1, 0], ArrowLeft: [0, command ? -1e6 : -1],
      ArrowRight: [0, command ? 1e6 : 1], PageUp: [-far, 0], PageDown: [far, 0],
      Home: [command ? -1e6 : 0, -1e6], End: [command ? 1e6 : 0, 1e6],
    };
    if (steps[event.key]) this.moved(this.selection.move(...steps[event.key], event.shiftKey));
    else if (event.key === "Tab") {
      if (!this.moved(this.selection.step(event.shiftKey ? -1 : 1))) return; // at the end one leaves the sheet
    } else if (event.key === "Enter" || event.key === "F2") this.edit();
    else if (event.key === "Delete" || event.key === "Backspace") this.#clear();
    else if (event.key === "Escape") this.sheet.left();
    else if (command && event.key.toLowerCase() === "a") this.moved(this.selection.all());
    else if (command && event.key.toLowerCase() === "z") this.sheet.turn(event.shiftKey ? "redo" : "undo");
    else if (command && event.key.toLowerCase() === "y") this.sheet.turn("redo");
    else if (event.key === "Process") return this.edit(""); // an input method has begun: it goes on in the cell
    else if (event.key.length === 1 && !command && !event.altKey) this.edit(event.key === " " ? null : event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #clear() {
    const { rows, keys } = this.selection.area();
    const wanted = this.sheet.columns.filter(({ key }) => keys.includes(key));
    const cells = rows.flatMap((id) => wanted.map((column) => ({ row: this.sheet.model.byId(id), column })));
    const free = cells.filter(({ row, column }) => !this.sheet.readonly(row, column));
    this.sheet.set(free.map(({ row, column }) => ({ id: row.id, key: column.key, value: column.empty })));
  }

  #clipboard(event) {
    if (!this.#hasFocus(event) || this.editing) return;
    const area = this.selection.area();
    if (!area.rows.length) return;
    event.preventDefault();
    const columns = this.sheet.columns.filter(({ key }) => area.keys.includes(key));
    if (event.type === "paste") {
      const view = { rows: this.#shownIds(), columns: this.sheet.columns, top: area.top, left: area.left, high: area.rows.length, wide: columns.length };
      return this.sheet.paste(event.clipboardData.getData("text/plain"), view);
    }
    const rows = area.rows.map((id) => this.sheet.model.byId(id));
    event.clipboardData.setData("text/plain", copied(rows, columns, this.sheet));
    this.sheet.say(this.sheet.words.copied.replace("{cells}", rows.length * columns.length));
    if (event.type === "cut") this.#clear();
  }

  // -- editing ----------------------------------------------------------------------------------------------------

  /** Opens the cell of the cursor; `typed`: what was typed over it. */
  edit(typed = null) {
    const { cursor } = this.selection;
    const row = cursor && this.sheet.model.byId(cursor.id);
    const column = this.sheet.columns.find(({ key }) => key === cursor?.key);
    if (!row || !column) return;
    if (this.sheet.readonly(row, column)) return this.sheet.say(this.sheet.words.readonly);
    this.typed = typed;
    this.grid.getRow(row.id)?.getCell(column.key)?.edit();
  }
}

/** What stands in a sheet without rows: to a screen reader, a row of one cell. */
function onlyRow(words) {
  const row = Object.assign(document.createElement("div"), { className: "tabulator-placeholder-contents" });
  const cell = Object.assign(document.createElement("div"), { textContent: words });
  row.setAttribute("role", "row");
  cell.setAttribute("role", "gridcell");
  row.append(cell);
  return row;
}
