// A cell of the grid while it is typed in: it ends by Enter, Tab, Esc, or when the focus goes elsewhere.
import { controlOf } from "./controls.js";

/** What Tabulator puts into the cell. `table`: the grid (table.js); `table.typed`: what was typed over the cell, or null. */
export function editorOf(table, row, column, rendered, cancel) {
  const { sheet } = table;
  const { words } = sheet;
  const typed = table.typed ?? null;
  table.typed = null;
  const { element, field, text } = controlOf(column, { options: sheet.options(row, column), shown: sheet.shown(row, column), typed, words });
  const place = sheet.model.indexOf(row.id) + 1;
  field.setAttribute("aria-label", words.cellName.replace("{row}", place).replace("{column}", column.heading));
  const end = (keeps) => {
    if (table.editing?.end !== end) return;
    table.editing = null;
    const written = text();
    cancel();
    if (keeps) sheet.type(row, column, written);
    else table.refresh([row.id]);
    if (document.activeElement === document.body || table.host.contains(document.activeElement)) table.host.focus({ preventScroll: true });
  };
  const go = (down, right) => {
    end(true);
    table.moved(right ? table.selection.step(right) : table.selection.move(down, 0));
  };
  table.editing = { id: row.id, end };
  table.selection.place({ id: row.id, key: column.key });
  field.addEventListener("input", () => {
    const wrong = sheet.judged(row, column, text());
    field.setAttribute("aria-invalid", String(wrong !== ""));
    sheet.say(wrong, true);
  });
  field.addEventListener("blur", () => end(true));
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (!event.isComposing && handled(event, field, { end, go, over: typed !== null })) event.preventDefault();
  });
  rendered(() => begin(field));
  return element;
}

/** Whether a key did something beside writing. `over`: one began by typing, so that arrows leave the cell. */
function handled(event, field, { end, go, over }) {
  const { key, shiftKey } = event;
  if (key === "Enter" && field.tagName === "TEXTAREA" && event.altKey) field.setRangeText("\n", field.selectionStart, field.selectionEnd, "end");
  else if (key === "Enter") go(shiftKey ? -1 : 1, 0);
  else if (key === "Tab") go(0, shiftKey ? -1 : 1);
  else if (key === "Escape") end(false);
  else if (over && field.tagName === "INPUT" && !field.list && (key === "ArrowUp" || key === "ArrowDown")) go(key === "ArrowUp" ? -1 : 1, 0);
  else return false;
  return true;
}

function begin(field) {
  field.focus({ preventScroll: true });
  if (field.tagName !== "SELECT") {
    field.setSelectionRange?.(field.value.length, field.value.length);
    return;
  }
  try {
    field.showPicker();
  } catch {} // a browser that opens a list only by its own key
}
