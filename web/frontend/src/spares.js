// Small manners of plain pages: what works without a script works better with one.
const SLOW_MS = 700; // before that nobody has begun to wonder
const LONGEST_MS = 20_000;
let opening = null;

export function setUpSpares() {
  // Menus made of <details> close on Escape and on a click elsewhere.
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details[data-menu][open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  // A form that was sent once is not sent again by a second, impatient click.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => busy(form, true)); // after it has gone: a disabled button is not sent
  });
  // A page that takes its time says that it is on its way.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || !leads(link)) return;
    opening = setTimeout(() => sayAtWork("opening"), SLOW_MS);
    setTimeout(() => sayAtWork(""), LONGEST_MS); // what was a file after all
  });
  // Coming back by the browser's own button must not find a form that refuses to be sent.
  window.addEventListener("pageshow", () => {
    sayAtWork("");
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      busy(form, false);
    }
  });
  // Choices that need no button of their own: sort, organisation.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
    if (event.target.matches("input[type=file][data-size-limit]")) tellSize(event.target);
  });
  document.documentElement.classList.add("has-script");
  // Of tabs that do not all fit, the current one is seen.
  const tabs = document.querySelector(".tabs:has([aria-current])");
  if (tabs) tabs.scrollLeft = tabs.querySelector("[aria-current]").offsetLeft - tabs.offsetLeft;
  // How many rows a filter leaves is said once; nobody wants the whole table read out after each letter.
  document.addEventListener("htmx:after:swap", () => {
    const told = document.getElementById("rows-told");
    if (told) told.textContent = document.getElementById("rows")?.dataset.told ?? "";
  });
}

/** A form that was sent looks like it, and the page says so, until the answer is there. */
function busy(form, sent) {
  form.setAttribute("aria-busy", String(sent));
  sayAtWork(sent ? "sending" : "");
  document.documentElement.toggleAttribute("data-sending", sent);
  for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = sent;
}

function leads(link) {
  if (!link || link.target || link.hasAttribute("download") || link.origin !== window.location.origin) return false;
  return link.pathname !== window.location.pathname || link.search !== window.location.search || !link.hash;
}

/** What the page is doing, in words: `sending`, `opening`, or nothing. */
function sayAtWork(what) {
  clearTimeout(opening);
  const told = document.getElementById("at-work");
  if (told) told.textContent = what ? told.dataset[what] : "";
}

function closeMenus(target) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
}

/** Says at once that a file is too large, before minutes of upload are lost. */
function tellSize(input) {
  const limit = Number(input.dataset.sizeLimit);
  const tooLarge = [...input.files].some((file) => file.size > limit);
  input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
  // Beside the field, where it stays until another file is chosen: a bubble is gone before it is read.
  const told = input.parentElement.querySelector("[data-told-size]") ?? document.createElement("p");
  told.dataset.toldSize = "";
  told.className = "is-invalid-text";
  told.setAttribute("role", "alert");
  told.textContent = tooLarge ? input.dataset.tooLarge : "";
  input.after(told);
}
