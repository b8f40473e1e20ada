// Native <dialog>: a button with data-opens="id" opens it, data-closes closes the one around it.
export function setUpDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      event.preventDefault();
      openDialog(document.getElementById(opener.dataset.opens));
      return;
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("dialog")?.close();
    // A click on the backdrop hits the dialog itself and none of its children.
    else if (event.target instanceof HTMLDialogElement) event.target.close();
  });
}

export function openDialog(dialog) {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.querySelector("textarea, input:not([type=hidden]), select")?.focus();
}

/** Asks before something that cannot be taken back; resolves to true when the person agrees. */
export function confirmed(dialog) {
  return new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}
