// j and k walk through the rows of a list, Enter opens (a row is a focused link), n goes on to the next task,
// / searches, ? helps.
import { openDialog } from "./dialogs.js";

/** Where a key was pressed. A closed dialog keeps the focus until the page is drawn again: nobody types in it any more. */
export const pressedAt = ({ target }) => (target.getClientRects?.().length ? target : document.body);

const TYPING = "input, textarea, select, [contenteditable], .fjs-container, dialog[open]";

export function setUpKeys() {
  keepRow();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (pressedAt(event).closest(TYPING)) return;
    if (act(event.key)) event.preventDefault();
  });
}

/** A list that is renewed while somebody is at one of its rows leaves him there, if the row is still in it. */
function keepRow() {
  let row = null;
  document.addEventListener("htmx:before:swap", () => {
    row = document.activeElement?.matches("a[data-row]") ? document.activeElement.pathname : null;
  });
  document.addEventListener("htmx:after:swap", () => {
    if (!row || document.activeElement !== document.body) return;
    [...document.querySelectorAll("a[data-row]")].find((one) => one.pathname === row)?.focus({ preventScroll: true });
  });
}

function act(key) {
  if (key === "j") return moveFocus(1);
  if (key === "k") return moveFocus(-1);
  if (key === "n") return follow("[data-next]");
  if (key === "/") return focusSearch();
  if (key === "?") return help();
  return false;
}

function moveFocus(step) {
  // A page beside its list walks through that list.
  const list = document.body.classList.contains("pane") && window.parent !== window ? window.parent.document : document;
  const rows = [...list.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  const chosen = rows.findIndex((row) => row.getAttribute("aria-current") === "true");
  const place = rows.findIndex((row) => "place" in row.dataset);
  const before = chosen >= 0 || place < 0 ? chosen : place - (step > 0 ? 1 : 0);
  const now = rows.includes(list.activeElement) ? rows.indexOf(list.activeElement) : before;
  const next = now < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(now + step, 0), rows.length - 1);
  list.defaultView.focus();
  rows[next].focus();
  return true;
}

function follow(link) {
  const found = document.querySelector(link);
  found?.click();
  return Boolean(found);
}

function focusSearch() {
  const search = document.querySelector("main [data-search]") ?? document.querySelector("[data-search]");
  search?.focus();
  search?.select();
  return Boolean(search);
}

function help() {
  const dialog = document.getElementById("keys-help");
  openDialog(dialog);
  return Boolean(dialog);
}
