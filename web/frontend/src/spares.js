// Small manners of plain pages: what works without a script works better with one.
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
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  // Coming back by the browser's own button must not find a form that refuses to be sent.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
  // Choices that need no button of their own: sort, organisation.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
    if (event.target.matches("input[type=file][data-size-limit]")) tellSize(event.target);
  });
  document.documentElement.classList.add("has-script");
  // How many rows a filter leaves is said once; nobody wants the whole table read out after each letter.
  document.addEventListener("htmx:after:swap", () => {
    const told = document.getElementById("rows-told");
    if (told) told.textContent = document.getElementById("rows")?.dataset.told ?? "";
  });
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
  input.reportValidity();
}
