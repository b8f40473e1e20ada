// A sheet as an Excel file: taken away as it stands, and read again; what would change is seen before it is taken over.
import { postForFile, postForm } from "../requests.js";
import { save } from "../draft_papers.js";

const SHOWN = 100; // changes that a preview lists

/** The buttons and the dialog of a view. `collect` gives what stands in the form. */
export function setUpWorkbook(view, { bookUrl, readUrl }, collect) {
  const { words } = view;
  const input = Object.assign(document.createElement("input"), { type: "file", accept: ".xlsx,.csv", hidden: true });
  const dialog = document.createElement("dialog");
  dialog.className = "grid-dialog";
  view.host.append(input, dialog);
  const out = async (button) => {
    button.disabled = true;
    const file = await postForFile(bookUrl, { data: collect() }).catch(() => null);
    button.disabled = false;
    if (file) save(file, `${view.component.label}.xlsx`);
    else view.say(words.bookFailed, true);
  };
  const read = async () => {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    view.say(words.reading);
    const sent = new FormData();
    sent.append("file", file, file.name);
    sent.append("data", JSON.stringify(collect()));
    const { ok, body } = await postForm(readUrl, sent).catch(() => ({ ok: false, body: {} }));
    view.say("");
    if (!ok) return view.say(body.detail ?? words.bookFailed, true);
    show(view, dialog, body);
  };
  input.addEventListener("change", read);
  view.bar.add("download", (event) => out(event.currentTarget));
  view.bar.add("upload", () => input.click());
}

/** The cells that would change: [{row, column, before, after}]; and the rows to take over. */
export function changesOf(view, rows) {
  const changes = [];
  const taken = [];
  for (const { index, data } of rows) {
    const row = index === null ? null : view.model.rows[index];
    const differ = view.columns.filter((column) => !column.fixed && column.key in data && differs(view, row, column, data[column.key]));
    const shown = { ...(row ?? { id: "" }), data: { ...row?.data, ...data } };
    for (const column of differ) {
      const before = row ? view.shown(row, column) : "";
      const after = column.shown(column.read(data[column.key]), view.options(shown, column), view.words);
      changes.push({ row: index === null ? view.words.newRow : index + 1, column: column.heading, before, after });
    }
    if (differ.length) taken.push({ id: row?.id, data: Object.fromEntries(differ.map((column) => [column.key, column.read(data[column.key])])) });
  }
  return { changes, taken };
}

function differs(view, row, column, value) {
  const before = row?.data[column.key] ?? column.empty;
  const after = column.read(value) ?? column.empty;
  return text(before) !== text(after);
}

const text = (value) => (value === null || value === undefined ? "" : String(value));

function show(view, dialog, { rows, wrong, notes }) {
  const { words } = view;
  const { changes, taken } = changesOf(view, rows);
  const fits = wrong.length === 0;
  const lines = fits ? changes.slice(0, SHOWN).map((one) => [one.row, one.column, one.before || "—", one.after || "—"]) : wrong.map((one) => [one.where, one.value || "—", one.what]);
  const heads = fits ? [words.number, words.column, words.before, words.after] : [words.where, words.value, words.what];
  const title = fits ? (changes.length ? words.wouldChange.replace("{cells}", changes.length).replace("{rows}", taken.length) : words.noChange) : words.bookWrong.replace("{count}", wrong.length);
  const buttons = make("div", "btn-list mt-2");
  const close = button(words.close, "btn-plain", () => dialog.close());
  if (fits && taken.length) {
    buttons.append(button(words.takeIn, "btn-primary", async () => {
      dialog.close();
      await view.takeIn(taken);
      view.say(words.takenIn.replace("{cells}", changes.length));
    }));
  }
  buttons.append(close);
  const parts = [make("h2", "", title), ...notes.map((note) => make("p", "quiet small mb-1", note))];
  if (lines.length) parts.push(tableOf(heads, lines));
  if (fits && changes.length > SHOWN) parts.push(make("p", "quiet small", words.moreChanges.replace("{count}", changes.length - SHOWN)));
  dialog.setAttribute("aria-label", title);
  dialog.replaceChildren(...parts, buttons);
  dialog.showModal();
}

function tableOf(heads, lines) {
  const holder = make("div", "grid-changes");
  holder.tabIndex = 0;
  const table = make("table", "table table-sm");
  const head = make("tr");
  head.append(...heads.map((words) => Object.assign(make("th", "", words), { scope: "col" })));
  const rows = lines.map((cells) => {
    const line = make("tr");
    line.append(...cells.map((words) => make("td", "", String(words))));
    return line;
  });
  const [top, body] = [make("thead"), make("tbody")];
  top.append(head);
  body.append(...rows);
  table.append(top, body);
  holder.append(table);
  return holder;
}

function button(words, look, act) {
  const made = Object.assign(make("button", `btn ${look}`, words), { type: "button" });
  made.addEventListener("click", act);
  return made;
}

function make(name, className = "", words = "") {
  return Object.assign(document.createElement(name), { className, textContent: words });
}
