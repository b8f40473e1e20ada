// What a column of a sheet takes and how it is read: texts to values and back. Knows no page and no rule of a field.
import { digitsOf } from "../digits.js";
import { narrow } from "../letters.js";

const CERTAIN = 15; // digits that a number of JavaScript keeps
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)$/;
const THOUSANDS = /^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$/;

/** The columns of a sheet: its components that hold a value and have a heading. */
export function columnsOf(sheet) {
  return (sheet.components ?? []).filter((one) => one.key && headingOf(one)).map((one) => new Column(one));
}

export function headingOf(component) {
  if (component.type !== "datetime") return component.label ?? "";
  return (component.subtype === "time" ? component.timeLabel : component.dateLabel) ?? "";
}

export class Column {
  constructor(component) {
    const { id, key, type, properties = {} } = component;
    Object.assign(this, { component, id: id ?? `column_${key}`, key, type, subtype: component.subtype ?? "date" });
    this.heading = headingOf(component);
    this.identifies = properties.identifies === "true";
    this.required = component.validate?.required === true;
    this.unit = component.appearance?.suffixAdorner ?? "";
    this.fixed = type === "expression" || component.readonly === true || component.disabled === true;
    this.chooses = type === "select" || type === "radio";
    this.numeric = type === "number";
    this.counts = this.numeric && !component.serializeToString; // else it is a code that is written in digits
  }

  /** How a value is read. `options`: [{value, label}] of a column that chooses. */
  shown(value, options, words) {
    if (value === null || value === undefined || value === "") return "";
    if (this.chooses) return options.find((one) => same(one.value, value))?.label ?? String(value);
    if (typeof value === "boolean") return value ? words.yes : words.no;
    if (this.type === "datetime" && this.subtype === "datetime") return String(value).replace("T", " ").slice(0, 16);
    if (this.type === "datetime" && this.subtype === "time") return String(value).slice(0, 5);
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  }

  /** {value, wrong}: what a text means; `wrong` names the sentence that says why it means nothing. */
  parsed(text, options) {
    if (this.type === "textarea") return { value: text };
    if (this.type === "textfield") return { value: text.replace(/[\n\t]/g, " ") };
    const plain = narrow(text);
    if (plain === "") return { value: this.type === "checkbox" ? false : null };
    if (this.numeric) return this.#number(plain);
    if (this.chooses) return choice(plain, text, options);
    if (this.type === "checkbox") return yesNo(plain, text);
    if (this.subtype === "time") return told(clock(plain), text, "notTime");
    if (this.subtype === "datetime") return told(moment(plain), text, "notMoment");
    return told(day(plain), text, "notDate");
  }

  #number(plain) {
    const text = THOUSANDS.test(plain) ? plain.replaceAll(",", "") : plain;
    if (!NUMBER.test(text)) return { value: plain, wrong: "notNumber" };
    if (this.component.serializeToString) return { value: text.replace(/^\+/, "") };
    return { value: digitsOf(text) > CERTAIN ? text.replace(/^\+/, "") : Number(text) };
  }

  /** Why a value is none of this column's: the name of a sentence, or "". A text that was kept may be anything. */
  wrong(value, options) {
    if (typeof value !== "string" || value === "" || this.type === "textfield" || this.type === "textarea") return "";
    if (this.chooses && options.some((one) => same(one.value, value))) return "";
    if (this.fixed) return "";
    return this.parsed(value, options).wrong ?? "";
  }

  /** A value as the server tells it: a number that the page can hold is one. */
  read(value) {
    const plain = this.numeric && typeof value === "string" && !this.component.serializeToString && NUMBER.test(value);
    return plain && digitsOf(value) <= CERTAIN ? Number(value) : value;
  }

  get empty() {
    if (this.type === "textfield" || this.type === "textarea") return "";
    return this.type === "checkbox" ? false : null;
  }
}

function told(value, text, wrong) {
  return value === null ? { value: text, wrong } : { value };
}

function choice(plain, text, options) {
  const wanted = fold(plain);
  const found = options.find((one) => fold(String(one.label)) === wanted) ?? options.find((one) => fold(String(one.value)) === wanted);
  return found ? { value: found.value } : { value: text, wrong: "notOffered" };
}

const YES = new Set(["是", "有", "y", "yes", "true", "1", "√", "✓", "☑"]);
const NO = new Set(["否", "无", "n", "no", "false", "0", "×", "✗", "☐"]);

function yesNo(plain, text) {
  const word = fold(plain);
  if (YES.has(word)) return { value: true };
  return NO.has(word) ? { value: false } : { value: text, wrong: "notYesNo" };
}

/** 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日, 20260301 -> 2026-03-01; null: no such day. */
export function day(text) {
  const plain = text.replaceAll("/", "-").replaceAll(".", "-").replace(/[年月]/g, "-").replace(/日$/, "");
  const found = plain.match(/^(\d{4})-(\d\d?)-(\d\d?)$/) ?? plain.match(/^(\d{4})(\d{2})(\d{2})$/);
  if (!found) return null;
  const [year, month, date] = found.slice(1).map(Number);
  const there = new Date(Date.UTC(year, month - 1, date));
  if (there.getUTCMonth() !== month - 1 || there.getUTCDate() !== date) return null;
  return `${found[1]}-${two(month)}-${two(date)}`;
}

function clock(text) {
  const found = text.match(/^(\d\d?)(?::|时|点)(\d\d?)(?::(\d{2}))?分?$/);
  if (!found || Number(found[1]) > 23 || Number(found[2]) > 59) return null;
  return `${two(found[1])}:${two(found[2])}`;
}

function moment(text) {
  const [first, second = "00:00"] = text.split(/[ T]/);
  const [date, time] = [day(first), clock(second.slice(0, 5))];
  return date && time ? `${date}T${time}` : null;
}

const two = (number) => String(number).padStart(2, "0");
const fold = (text) => narrow(text).toLowerCase();
const same = (one, other) => one === other || (typeof one === "object" && JSON.stringify(one) === JSON.stringify(other));

/** Choices as form-js reads them: plain values, or objects with a value and perhaps a label. */
export function normalised(raw) {
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((one) => {
    if (one === null || one === undefined || one === "") return [];
    if (typeof one !== "object") return [{ value: one, label: String(one) }];
    if (one.value === null || one.value === undefined || one.value === "") return [];
    return [{ value: one.value, label: typeof one.label === "string" && one.label ? one.label : String(one.value) }];
  });
}
