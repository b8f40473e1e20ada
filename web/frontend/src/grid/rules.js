// The rules of a sheet's columns as the browser can judge them: form-js's own validator, conditions and FEEL, on a form
// that is never drawn. The server judges all of it again. Knows no DOM.
import { Form } from "@bpmn-io/form-js-viewer";
import { tolerant } from "../letters.js";
import { normalised } from "./columns.js";

export class Rules {
  /** `words`: the sentences of the page; `translate`: the module with form-js's own. */
  static async of(sheet, columns, words, modules) {
    const form = new Form({ additionalModules: [{ renderer: ["value", {}] }, ...modules] });
    const components = columns.map(({ component, id }) => ({ ...component, id, conditional: undefined }));
    await form.importSchema({ type: "default", schemaVersion: 19, components });
    tolerant(form.get("validator"));
    return new Rules(form, columns, words);
  }

  constructor(form, columns, words) {
    Object.assign(this, { columns, words, outer: {}, round: 0 });
    this.validator = form.get("validator");
    this.conditions = form.get("conditionChecker");
    this.feel = form.get("expressionLanguage");
    this.kept = new WeakMap(); // by row: what was worked out for it in this round
    this.lists = new Map(); // options that hang on no row
  }

  /** The values of the form around the sheet: what they decide is asked again. */
  around(data) {
    this.outer = data;
    this.again();
  }

  again() {
    this.round += 1;
    this.kept = new WeakMap();
    this.lists.clear();
  }

  changed(row) {
    this.kept.delete(row);
  }

  #of(row, name, work) {
    if (!this.kept.has(row)) this.kept.set(row, new Map());
    const kept = this.kept.get(row);
    if (!kept.has(name)) kept.set(name, work());
    return kept.get(name);
  }

  #names(row, index) {
    const own = { this: row.data, parent: { ...this.outer }, i: [index + 1] };
    const underscored = { _this_: own.this, _parent_: own.parent, _i_: own.i };
    return { ...this.outer, ...row.data, ...own, ...underscored };
  }

  hidden(row, index, column) {
    const hide = column.component.conditional?.hide;
    if (!hide) return false;
    return this.#of(row, `hide ${column.key}`, () => this.conditions.check(hide, this.#names(row, index)) === true);
  }

  readonly(row, index, column) {
    if (column.fixed) return true;
    const { readonly } = column.component;
    if (typeof readonly !== "string" || !readonly.startsWith("=")) return readonly === true;
    return this.#of(row, `readonly ${column.key}`, () => this.feel.evaluate(readonly, this.#names(row, index)) === true);
  }

  options(row, index, column) {
    if (!column.chooses) return [];
    const { values, valuesKey, valuesExpression } = column.component;
    if (valuesExpression) {
      const evaluated = () => normalised(this.feel.evaluate(valuesExpression, this.#names(row, index)));
      return /\b_?(this|parent|i)_?\b/.test(valuesExpression) ? this.#of(row, `options ${column.key}`, evaluated) : this.#list(column, evaluated);
    }
    return this.#list(column, () => normalised(values ?? this.outer[valuesKey]));
  }

  #list(column, work) {
    if (!this.lists.has(column.key)) this.lists.set(column.key, work());
    return this.lists.get(column.key);
  }

  /** What is wrong with a cell as far as the browser knows, or "". `empty`: also that something is missing. */
  wrong(row, index, column, { empty = true } = {}) {
    return this.#of(row, `wrong ${column.key} ${empty}`, () => this.#wrong(row, index, column, empty));
  }

  #wrong(row, index, column, empty) {
    if (this.readonly(row, index, column) || this.hidden(row, index, column)) return "";
    const value = row.data[column.key] ?? null;
    if (!empty && (value === null || value === "")) return "";
    const options = this.options(row, index, column);
    const unreadable = column.wrong(value, options);
    if (unreadable) return this.words[unreadable].replace("{text}", value);
    if (column.chooses && value !== null && value !== "" && !options.some((one) => same(one.value, value))) {
      return this.words.notOffered.replace("{text}", String(value));
    }
    return this.#judged(row, index, column, value);
  }

  #judged(row, index, column, value) {
    const expressionContextInfo = { data: { ...this.outer, ...row.data }, this: row.data, parent: this.outer, i: [index + 1] };
    const [first = ""] = this.validator.validateFieldInstance({ id: column.id, expressionContextInfo }, value);
    return first || this.#date(column, value);
  }

  /** The first and last day that a form names as such; what they are by an expression the server knows. */
  #date(column, value) {
    const { notBefore, notAfter } = column.component.validate ?? {};
    if (typeof value !== "string" || column.type !== "datetime" || column.subtype === "time") return "";
    const [early, late] = [notBefore, notAfter].map((one) => (typeof one === "string" && !one.startsWith("=") ? one : ""));
    if (early && value < early) return this.words.notBefore.replace("{day}", early);
    return late && value.slice(0, late.length) > late ? this.words.notAfter.replace("{day}", late) : "";
  }
}

const same = (one, other) => one === other || (typeof one === "object" && JSON.stringify(one) === JSON.stringify(other));
