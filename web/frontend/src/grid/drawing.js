// The columns of the grid and how its cells are drawn: what stands in them, what is wrong, what must catch the eye.
import { editorOf } from "./editing.js";

const NUMBER = "_number";
const NOTES = "_notes";
const NUMBER_WIDTH = 58;
const NOTES_WIDTH = 230;
const LINES = 4; // pixels of the borders of the sheet
const NARROWEST = 84;
const WIDTHS = { checkbox: 76, datetime: 118, number: 112, textarea: 220 };

/** What Tabulator is told of the columns. */
export function gridColumns(table) {
  const { sheet } = table;
  const { columns, words, hasNotes } = sheet;
  const frozen = Math.max(1, columns.findLastIndex((column, at) => columns.slice(0, at + 1).every((one) => one.identifies)) + 1);
  const beside = NUMBER_WIDTH + (hasNotes ? NOTES_WIDTH : 0) + LINES;
  const widths = fitted(columns, columns.map(natural), table.host.clientWidth - beside);
  const made = columns.map((column, at) => ({
    field: column.key,
    title: column.heading,
    titleFormatter: () => headingOf(column),
    width: widths[at],
    minWidth: 60,
    frozen: at < frozen,
    hozAlign: column.counts ? "right" : "left",
    formatter: (cell) => content(table, cell, column),
    editor: (cell, rendered, _, cancel) => editorOf(table, table.rowOf(cell), column, rendered, cancel),
    editable: (cell) => !sheet.readonly(table.rowOf(cell), column),
    headerFilter: "input",
    headerFilterParams: { elementAttributes: { "aria-label": words.filter.replace("{column}", column.heading), autocomplete: "off" } },
    headerFilterFunc: (text, _, data) => sheet.shown(sheet.model.byId(data.id), column).toLowerCase().includes(text.trim().toLowerCase()),
  }));
  const numbers = { field: NUMBER, title: words.number, width: NUMBER_WIDTH, frozen: true, resizable: false, hozAlign: "right", formatter: (cell) => number(table, cell) };
  const told = { field: NOTES, title: words.notes, width: NOTES_WIDTH, formatter: (cell) => notes(table, cell) };
  return [numbers, ...made, ...(hasNotes ? [told] : [])];
}

function content(table, cell, column) {
  const { sheet } = table;
  const element = cell.getElement();
  const row = table.rowOf(cell);
  if (!row) return "";
  const readonly = sheet.readonly(row, column);
  const { text, wrong, warns } = sheet.cell(row, column);
  Object.assign(element.dataset, { id: row.id, key: column.key });
  element.id = `${table.name}-${sheet.model.indexOf(row.id)}-${column.key}`;
  element.tabIndex = -1;
  element.classList.toggle("is-readonly", readonly);
  element.classList.toggle("is-wrong", wrong !== "");
  element.classList.toggle("is-warning", warns);
  element.classList.toggle("is-conflict", row.conflict !== null);
  element.setAttribute("aria-readonly", String(readonly));
  element.setAttribute("aria-invalid", String(wrong !== ""));
  element.title = wrong || (text.length > 12 ? text : "");
  if (/[\u2e80-\u9fff]/.test(text)) element.lang = "zh";
  table.mark(element);
  return document.createTextNode(text);
}

function number(table, cell) {
  const row = table.rowOf(cell);
  cell.getElement().tabIndex = -1;
  if (!row) return "";
  const state = table.sheet.rowState(row);
  for (const name of ["is-wrong", "is-conflict", "is-news"]) cell.getElement().classList.toggle(name, state === name);
  return document.createTextNode(String(table.sheet.model.indexOf(row.id) + 1));
}

function notes(table, cell) {
  const row = table.rowOf(cell);
  const note = row && table.sheet.note(row);
  const element = cell.getElement();
  element.classList.toggle("is-warning", Boolean(note?.warns));
  element.title = note?.text ?? "";
  return document.createTextNode(note?.text ?? "");
}

function headingOf(column) {
  const title = document.createElement("span");
  title.append(column.heading);
  if (column.required && !column.fixed) title.append(Object.assign(document.createElement("span"), { className: "grid-required", textContent: " *" }));
  if (column.unit) title.append(Object.assign(document.createElement("span"), { className: "grid-unit", textContent: ` ${column.unit}` }));
  return title;
}

/** What is only read gives way, so that what is to be filled in is in sight; `room`: pixels for all columns together. */
export function fitted(columns, widths, room) {
  const least = columns.map((column, at) => {
    const gives = column.fixed && !column.identifies && !column.counts;
    return gives ? Math.min(widths[at], Math.max(NARROWEST, headed(column))) : widths[at];
  });
  const missing = sum(widths) - room;
  const slack = sum(widths) - sum(least);
  if (room <= 0 || missing <= 0 || slack === 0 || columns.every(({ fixed }) => fixed)) return widths;
  const share = Math.min(1, missing / slack);
  return widths.map((width, at) => Math.floor(width - (width - least[at]) * share));
}

const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);
const natural = (column) => Math.max(WIDTHS[column.type] ?? 132, headed(column));
const headed = (column) => widthOf(column.heading) + 34;
const widthOf = (text) => [...text].reduce((wide, letter) => wide + (letter > "\u2e7f" ? 15 : 8), 0);
