// Rows of a list that are ticked, and the sheet in which they are handled in one go. Without this script the same
// forms lead to pages of their own; what may be done with which task the server says.
import { pressedAt } from "./keys.js";
import { setUpPhrases } from "./phrases.js";

const WAIT = 250;
const TYPING = 600; // milliseconds without a letter

export function setUpPicks() {
  let last = null; // the row from which Shift selects
  const boxes = () => [...document.querySelectorAll("[data-pick]")];
  const bar = () => document.querySelector("[data-picks]");

  function show() {
    const all = boxes();
    const ticked = all.filter((box) => box.checked).length;
    const matching = bar()?.querySelector("[data-pick-matching]")?.checked ?? false;
    for (const box of document.querySelectorAll("[data-pick-all]")) {
      box.checked = all.length > 0 && ticked === all.length;
      box.indeterminate = ticked > 0 && ticked < all.length;
    }
    for (const box of all) box.closest("tr").classList.toggle("is-picked", box.checked);
    const told = bar()?.querySelector("[data-picked]");
    if (told) told.textContent = matching || !ticked ? "" : told.dataset.words.replace("{count}", ticked);
    bar()?.classList.toggle("is-on", ticked > 0 || matching);
    for (const button of bar()?.querySelectorAll("button") ?? []) button.disabled = !ticked && !matching;
  }

  function pick(box, checked, range) {
    const all = boxes();
    const [from, to] = [all.indexOf(range && last?.isConnected ? last : box), all.indexOf(box)].sort((a, b) => a - b);
    for (const one of all.slice(from, to + 1)) one.checked = checked;
    last = box;
    show();
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-pick]");
    if (box) pick(box, box.checked, event.shiftKey);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-pick-all]")) {
      for (const box of boxes()) box.checked = event.target.checked;
      show();
    } else if (event.target.matches?.("[data-pick-matching]")) show();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const place = pressedAt(event);
    const box = place.matches("a[data-row]") ? place.closest("tr")?.querySelector("[data-pick]") : null;
    if (event.key === " " && box) {
      event.preventDefault();
      pick(box, event.shiftKey || !box.checked, event.shiftKey);
    } else if (event.key === "b" && bar() && !place.closest("input:not([type=checkbox]), textarea, select")) {
      event.preventDefault();
      bar().querySelector("button[aria-keyshortcuts]:not([disabled])")?.click();
    }
  });
  document.addEventListener("htmx:after:swap", show);
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-picks]")) openSheet(event);
  });
  document.addEventListener("rows:replaced", show);
  show();
  for (const page of document.querySelectorAll(".bulk-page")) setUpChoice(page);
}

/** What is sent with a form, and the part of a page that comes back; null when the server refuses: then it is a page. */
async function part(form, name, data, signal) {
  const headers = { "X-Part": name, Accept: "text/html" };
  const response = await fetch(form.action, { method: "POST", body: data, headers, credentials: "same-origin", signal });
  return response.ok ? response.text() : null;
}

async function openSheet(event) {
  const sheet = document.getElementById("bulk-sheet");
  if (!sheet || event.target.dataset.plain) return;
  event.preventDefault();
  const [form, button] = [event.target, event.submitter];
  form.setAttribute("aria-busy", "true");
  const html = await part(form, "choice", new FormData(form, button)).catch(() => null);
  form.removeAttribute("aria-busy");
  if (html === null) {
    form.dataset.plain = "1"; // the refusal is a page of its own
    form.requestSubmit(button);
    return;
  }
  sheet.innerHTML = html; // made by our own server from escaped text
  setUpChoice(sheet);
  if (!sheet.open) sheet.showModal();
  (sheet.querySelector("input[type=radio]") ?? sheet.querySelector("[data-go]:not([disabled])") ?? sheet.querySelector("h2"))?.focus();
}

/** As soon as something is chosen it is tried, and what would happen is shown. */
function setUpChoice(place) {
  const form = place.querySelector("#bulk-choice");
  const told = place.querySelector("#bulk-told");
  const state = form.querySelector("[data-bulk-state]");
  let [waiting, asking] = [0, null];
  const soon = (milliseconds) => {
    clearTimeout(waiting);
    asking?.abort();
    told.setAttribute("aria-busy", "true"); // what stands there is no longer what would be done
    for (const button of told.querySelectorAll("button")) button.disabled = true;
    waiting = setTimeout(rehearse, milliseconds);
  };
  const rehearse = async () => {
    const mine = (asking = new AbortController());
    if (state) state.textContent = state.dataset.words;
    follow(mine, await part(form, "told", new FormData(form), mine.signal).catch(() => undefined));
  };
  // Of many tasks each request tries some; what is known so far is shown.
  const follow = async (mine, first) => {
    let html = first;
    for (let more; mine === asking && html; ) {
      told.innerHTML = html; // made by our own server from escaped text
      more = told.querySelector("[data-more]");
      if (!more) break;
      html = await part({ action: more.formAction }, "told", new FormData(more.form, more), mine.signal).catch(() => undefined);
    }
    if (mine !== asking || html === undefined) return;
    if (html === null) form.submit(); // the refusal is a page of its own
    else told.innerHTML = html; // made by our own server from escaped text
    told.removeAttribute("aria-busy");
    if (state) state.textContent = "";
  };
  setUpPhrases(place);
  if (told.querySelector("[data-more]")) follow((asking = new AbortController()), told.innerHTML); // tried at once, in part
  form.addEventListener("input", ({ target }) => {
    const words = target instanceof HTMLTextAreaElement;
    const shown = words ? told.querySelector(`input[type=hidden][name="${target.name}"]`) : null;
    // Other words change nothing of what would happen; that there are some, or none any more, may where they are asked for.
    const alike = shown && (target.dataset.optional !== undefined || (shown.value.trim() && target.value.trim()));
    if (alike && !told.hasAttribute("aria-busy")) shown.value = target.value;
    else soon(words || target.type === "text" ? TYPING : WAIT);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    soon(0);
  });
  // Whoever has chosen by the mouse goes on with his words.
  form.addEventListener("click", ({ target, detail }) => {
    if (detail && target.matches("input[type=radio]") && target.dataset.opinion !== "none") form.querySelector("#bulk-words")?.focus();
  });
  place.addEventListener("click", (event) => {
    const link = event.target.closest("[data-closes-sheet]");
    if (!link || !(place instanceof HTMLDialogElement)) return;
    event.preventDefault();
    place.close();
  });
  told.addEventListener("change", () => {
    const count = told.querySelectorAll("[name=go]:checked").length;
    const button = told.querySelector("[data-go]");
    button.disabled = !count;
    button.querySelector("span").textContent = button.dataset.words.replace("{count}", count);
  });
}
