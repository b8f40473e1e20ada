// All sheets of a form: in form-js's eyes each is one field, whose value is a list of rows. Loaded by pages that have one.
import { h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { placeOf } from "../merge.js";
import { columnsOf } from "./columns.js";
import { Model } from "./model.js";
import { Rules } from "./rules.js";
import { Sync } from "./sync.js";
import { View } from "./view.js";
import { setUpWorkbook } from "./workbook.js";

const TYPE = "sheet";
const MOST = 500; // rows of one sheet, as the server takes
const LINES = 6; // errors of one sheet in the list on top of the form

/** Whether a component of the form is filled in as a sheet. */
const isSheet = (component) => component.type === "dynamiclist" && component.properties?.sheet === "true";

export class Sheets {
  /** `page`: what the server says; `modules`: form-js's own words. */
  static async of(form, page, modules) {
    const sheets = new Sheets(form, page);
    for (const component of page.schema.components.filter(isSheet)) await sheets.#add(component, modules);
    form.get("formFields").register(TYPE, sheets.#field());
    return sheets;
  }

  constructor(form, page) {
    Object.assign(this, { form, page, words: page.sheets.texts, all: new Map(), kept: () => {} });
  }

  async #add(component, modules) {
    const name = component.path;
    const columns = columnsOf(component);
    const rows = this.page.values[name] ?? [];
    const { saved, rowsUrl } = this.page.sheets.by_name[name];
    const grows = component.allowAddRemove === true && component.readonly !== true;
    const most = Math.min(MOST, component.validate?.maxItems ?? MOST);
    const model = new Model({ columns, rows: Array.isArray(rows) ? rows : [], saved, grows, most });
    const rules = await Rules.of(component, columns, this.words, modules);
    const one = { name, component, columns, model, rules, view: null };
    one.sync = new Sync({ url: rowsUrl, model, told: (news) => this.#heard(one, news), kept: (fresh) => this.kept(fresh) });
    this.all.set(name, one);
  }

  /** The schema in which each sheet is one field. */
  schema(schema) {
    const components = schema.components.map((one) =>
      isSheet(one) ? { type: TYPE, id: one.id, key: one.path, label: one.label, description: one.description, conditional: one.conditional, layout: { ...one.layout, columns: 16 } } : one,
    );
    return { ...schema, components };
  }

  /** The values with what the sheets hold. */
  data(data) {
    const held = [...this.all.values()].filter(({ name }) => name in data).map(({ name, model }) => [name, model.data()]);
    return { ...data, ...Object.fromEntries(held) };
  }

  /** The values without them: a draft has its rows elsewhere. */
  without(data) {
    return Object.fromEntries(Object.entries(data).filter(([name]) => !this.all.has(name)));
  }

  #field() {
    const SheetField = ({ field, onChange, domId }) => {
      const host = useRef(null);
      useEffect(() => this.#shown(host.current, field, onChange), []);
      return h("div", { class: "fjs-form-field fjs-form-field-sheet" },
        h("h3", { class: "grid-title", id: `${domId}-title` }, field.label),
        field.description ? h("p", { class: "fjs-form-field-description" }, field.description) : null,
        h("div", { class: "grid-host", id: domId, ref: host }));
    };
    SheetField.config = { type: TYPE, keyed: true, name: "Sheet", group: "basic-input", emptyValue: [], create: (options = {}) => ({ ...options }) };
    return SheetField;
  }

  #shown(host, field, onChange) {
    const one = this.all.get(field.key);
    one.rules.around(this.form._getState().data);
    one.view = new View({
      host,
      ...one,
      words: this.words,
      changed: () => {
        onChange({ value: one.model.data() });
        one.sync.soon();
      },
    });
    setUpWorkbook(one.view, this.page.sheets.by_name[one.name], () => this.data(this.form._getSubmitData()));
    return () => (one.view = null);
  }

  async #heard(one, news) {
    const seen = one.seen ?? one.model.rows;
    one.seen = one.model.rows;
    await one.view?.heardOf(news, seen !== one.model.rows);
  }

  /** Values beside the sheets have changed: conditions, limits and choices of the cells may be others. */
  around(data) {
    for (const { name, rules, view } of this.all.values()) {
      const before = this.without(rules.outer);
      rules.outer = data;
      if (!view || JSON.stringify(before) === JSON.stringify(this.without(data))) continue;
      rules.around(data);
      view.drawn.ready.then(() => view.drawn.refreshAll());
      void name;
    }
  }

  /** The ids of all rows now: what an answer of the server is about that was asked for now. */
  ids() {
    return new Map([...this.all.values()].map(({ name, model }) => [name, model.rows.map(({ id }) => id)]));
  }

  /** Takes over what the server worked out; the values with what the sheets hold then. */
  take(sent, answered, data) {
    for (const { name, model, rules, view } of this.all.values()) {
      const changed = model.take(sent[name] ?? [], answered[name]);
      for (const id of changed) rules.changed(model.byId(id));
      view?.drawn.ready.then(() => view.drawn.refresh(changed));
    }
    return this.data(data);
  }

  /** Shows what is wrong in the cells, and what is told of the rows. */
  tell(errors, notes = {}, ids = this.ids(), everything = false) {
    for (const { name, view } of this.all.values()) {
      const mine = (found) => Object.entries(found).map(([path, what]) => [placeOf(path), what]).filter(([place]) => place[0] === name && place.length > 1);
      const told = (found) => mine(found).map(([[, ...place], what]) => [place, what]);
      view?.drawn.ready.then(() => view.tell(told(errors), told(notes), ids.get(name), everything));
    }
  }

  /** The lines for the list on top of the form: not one for each of hundreds of cells. */
  lines(lines) {
    const counts = new Map();
    const kept = lines.filter(({ path }) => {
      const name = path && placeOf(path).length > 1 ? placeOf(path)[0] : "";
      counts.set(name, (counts.get(name) ?? 0) + 1);
      return !this.all.has(name) || counts.get(name) <= LINES;
    });
    for (const [name, count] of counts) {
      if (!this.all.has(name) || count <= LINES) continue;
      const { component, view } = this.all.get(name);
      const text = this.words.moreWrong.replace("{name}", component.label ?? "").replace("{count}", count - LINES);
      kept.push({ text, focus: () => view?.host.scrollIntoView({ block: "start" }) });
    }
    return kept;
  }

  /** Goes to the cell of a path; false when it is in no sheet. */
  focus(path) {
    const [name, index, key] = placeOf(path);
    const one = this.all.get(name);
    one?.view?.focus(index ?? -1, key);
    return Boolean(one);
  }

  get dirty() {
    return [...this.all.values()].some(({ sync }) => sync.url && sync.dirty);
  }

  /** Saves all rows: {ok, others, conflicts (lines), detail}. */
  async save() {
    const answers = await Promise.all([...this.all.values()].map(({ sync }) => sync.exchange()));
    return {
      ok: answers.every(({ ok }) => ok),
      signedOut: answers.some(({ status }) => status === 401),
      others: answers.reduce((sum, { others }) => sum + others, 0),
      detail: answers.find(({ detail }) => detail)?.detail,
      conflicts: [...this.all.values()].flatMap((one) => one.model.conflicts().map((row) => this.#line(one, row))),
    };
  }

  #line({ model, view }, row) {
    const text = this.words.conflict.replace("{row}", model.indexOf(row.id) + 1).replace("{by}", row.conflict.by);
    return { text, focus: () => view?.conflicts.scrollIntoView({ block: "center" }) };
  }
}
