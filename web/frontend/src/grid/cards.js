// A sheet on a narrow screen: each row is a card that opens to be filled in.
import { controlOf } from "./controls.js";

const AT_ONCE = 40;

export class Cards {
  constructor(host, sheet) {
    Object.assign(this, { host, sheet, most: AT_ONCE, onlyWrong: false, text: "", cards: new Map() });
    host.classList.add("grid-cards");
    this.ready = Promise.resolve();
    this.rebuild();
  }

  #ids() {
    const { model, columns } = this.sheet;
    const wanted = this.text.toLowerCase();
    return model.rows
      .filter((row) => !this.onlyWrong || this.sheet.rowState(row) !== "")
      .filter((row) => !wanted || columns.some((column) => this.sheet.shown(row, column).toLowerCase().includes(wanted)))
      .map(({ id }) => id);
  }

  /** Draws all cards; those that were open stay open. */
  rebuild() {
    const open = new Set([...this.cards].filter(([, card]) => card.open).map(([id]) => id));
    const ids = this.#ids();
    this.shown = ids.length;
    this.cards = new Map(ids.slice(0, this.most).map((id) => [id, this.#card(id, open.has(id))]));
    const { words, model } = this.sheet;
    this.host.replaceChildren(...this.cards.values());
    if (!ids.length) this.host.append(Object.assign(document.createElement("p"), { className: "quiet", textContent: model.rows.length ? words.noMatch : words.empty }));
    if (ids.length > this.most) this.host.append(this.#more());
  }

  #more() {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-plain", textContent: this.sheet.words.more });
    button.addEventListener("click", () => {
      this.most += AT_ONCE;
      this.rebuild();
    });
    return button;
  }

  #card(id, open) {
    const card = document.createElement("details");
    card.className = "grid-card";
    card.append(document.createElement("summary"));
    card.addEventListener("toggle", () => card.open && card.childElementCount === 1 && this.#fill(card, id));
    card.open = open;
    if (open) this.#fill(card, id);
    this.#summary(card, id);
    return card;
  }

  #summary(card, id) {
    const { sheet } = this;
    const row = sheet.model.byId(id);
    const named = sheet.columns.filter((column) => column.identifies);
    const first = (named.length ? named : sheet.columns).slice(0, 3).map((column) => sheet.shown(row, column)).filter(Boolean);
    const state = sheet.rowState(row);
    card.classList.toggle("is-wrong", state === "is-wrong");
    card.classList.toggle("is-conflict", state === "is-conflict");
    const title = Object.assign(document.createElement("span"), { textContent: first.join(" · ") || "—" });
    if (/[\u2e80-\u9fff]/.test(title.textContent)) title.lang = "zh";
    const number = Object.assign(document.createElement("b"), { textContent: sheet.words.row.replace("{row}", sheet.model.indexOf(id) + 1) });
    card.firstElementChild.replaceChildren(number, " ", title);
  }

  #fill(card, id) {
    for (const part of [...card.children].slice(1)) part.remove();
    const row = this.sheet.model.byId(id);
    const fields = this.sheet.columns.filter((column) => !this.sheet.hidden(row, column)).map((column) => this.#field(card, row, column));
    const note = this.sheet.note(row);
    card.append(...fields);
    if (note) card.append(Object.assign(document.createElement("p"), { className: note.warns ? "grid-note is-warning" : "grid-note", textContent: note.text }));
    if (this.sheet.model.grows) card.append(this.#removing(id));
  }

  #field(card, row, column) {
    const { sheet } = this;
    const holder = document.createElement("label");
    holder.className = "grid-field";
    const { text, wrong, warns } = sheet.cell(row, column);
    const name = column.heading + (column.unit ? `（${column.unit}）` : "") + (column.required && !column.fixed ? " *" : "");
    holder.append(Object.assign(document.createElement("span"), { textContent: name }));
    holder.classList.toggle("is-warning", warns);
    if (sheet.readonly(row, column)) {
      holder.append(Object.assign(document.createElement("output"), { textContent: text || "—" }));
      return holder;
    }
    const control = controlOf(column, { options: sheet.options(row, column), shown: text, words: sheet.words });
    control.field.setAttribute("aria-invalid", String(wrong !== ""));
    control.field.addEventListener("input", () => say(sheet.judged(row, column, control.text())));
    control.field.addEventListener("change", () => sheet.type(row, column, control.text()));
    const told = Object.assign(document.createElement("small"), { className: "grid-wrong" });
    const say = (sentence) => {
      told.textContent = sentence;
      control.field.setAttribute("aria-invalid", String(sentence !== ""));
    };
    say(wrong);
    holder.append(control.element, told);
    return holder;
  }

  #removing(id) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-plain", textContent: this.sheet.words.removeRow });
    button.addEventListener("click", () => this.sheet.remove([id]));
    return button;
  }

  /** Rows have changed: what one types just now stays. */
  refresh(ids) {
    for (const id of ids) {
      const card = this.cards.get(id);
      if (!card || !this.sheet.model.byId(id)) continue;
      this.#summary(card, id);
      if (card.open && !card.contains(document.activeElement)) this.#fill(card, id);
      else if (card.open) this.#renewAround(card, id);
    }
  }

  /** What follows from what is being typed, beside the control that has the focus. */
  #renewAround(card, id) {
    const row = this.sheet.model.byId(id);
    const shown = this.sheet.columns.filter((column) => !this.sheet.hidden(row, column));
    const fields = [...card.querySelectorAll(".grid-field")];
    if (fields.length !== shown.length) return card.addEventListener("focusout", () => this.refresh([id]), { once: true });
    shown.forEach((column, at) => {
      if (!fields[at].contains(document.activeElement)) fields[at].replaceWith(this.#field(card, row, column));
    });
  }

  refreshAll() {
    this.refresh([...this.cards.keys()]);
  }

  showOnlyWrong(on) {
    this.onlyWrong = on;
    this.rebuild();
    this.sheet.counted();
  }

  search(text) {
    this.text = text.trim();
    this.rebuild();
    this.sheet.counted();
  }

  shownCount() {
    return this.shown;
  }

  selectedIds() {
    return [];
  }

  focusCell(id, key) {
    if (!this.cards.has(id)) {
      this.most = this.sheet.model.rows.length;
      this.rebuild();
    }
    const card = this.cards.get(id);
    if (!card) return;
    card.open = true;
    if (card.childElementCount === 1) this.#fill(card, id);
    const at = this.sheet.columns.filter((column) => !this.sheet.hidden(this.sheet.model.byId(id), column)).findIndex((column) => column.key === key);
    const field = card.querySelectorAll(".grid-field")[Math.max(0, at)];
    field?.scrollIntoView({ block: "center" });
    field?.querySelector("input, select, textarea")?.focus({ preventScroll: true });
  }
}
