// What nobody can change in a form is text: it wraps, it looks like none to be filled in, and Tab goes past it.

const READ_ONLY = ".fjs-form-field:is(.fjs-readonly, .fjs-disabled)";
const TYPED = "input:not([type=radio], [type=checkbox], [type=file]), textarea";

/** Keeps it so whenever form-js draws a field again or the server derives another value. */
export function readOnlyAsText(root, form) {
  const draw = () => {
    for (const field of root.querySelectorAll(READ_ONLY)) {
      for (const part of field.querySelectorAll("input, textarea, [tabindex]")) part.tabIndex = -1;
      if (field.querySelector(".fjs-select-display")) continue; // is text already
      for (const input of field.querySelectorAll(TYPED)) setText(input.parentElement, input.value || "—");
    }
    for (const holder of root.querySelectorAll("[data-text]")) {
      if (!holder.closest(READ_ONLY)) fillable(holder);
    }
  };
  new MutationObserver(draw).observe(root, { childList: true, subtree: true });
  form.on("changed", () => {
    requestAnimationFrame(draw); // in braces: what a listener of form-js returns keeps the event from those after it
  });
  draw();
}

function setText(holder, text) {
  if (holder.dataset.text !== text) holder.dataset.text = text;
}

function fillable(holder) {
  delete holder.dataset.text;
  for (const input of holder.querySelectorAll(TYPED)) input.tabIndex = 0;
}
