// What the form's designer marked as a warning catches the eye while one fills in, not only when it is read later.
// Words of a warning become a quotation (red by our style sheet), a marked field gets a class of its own.

/** The schema with warnings visible. Only constant marks count here; those in FEEL count when the form is read. */
export function withVisibleWarnings(schema) {
  return { ...schema, components: (schema.components ?? []).map(visible) };
}

function visible(component) {
  const copy = component.components ? { ...component, components: component.components.map(visible) } : component;
  if (!isWarning(component) || component.type !== "text" || /^\s*[=>]/.test(component.text ?? "")) return copy;
  return { ...copy, text: component.text.replace(/^/gm, "> ") };
}

function isWarning(component) {
  return component.properties?.warning === "true";
}

/** Marks the inputs that say something, whenever form-js draws them again or another value comes. */
export function markWarnings(root, schema, form) {
  const ids = inputsOf(schema.components ?? []).map((component) => `fjs-form-${form._id}-${component.id}`);
  if (!ids.length) return;
  const mark = () => {
    for (const id of ids) {
      for (const input of root.querySelectorAll(`[id^="${CSS.escape(id)}"]`)) {
        input.closest(".fjs-form-field")?.classList.toggle("is-warning", says(input));
      }
    }
  };
  new MutationObserver(mark).observe(root, { childList: true, subtree: true });
  form.on("changed", () => {
    requestAnimationFrame(mark);
  });
  mark();
}

/** Whether there is anything to be warned of: a text that is empty says nothing. */
const says = ({ value, type }) => value !== "" || type === "checkbox" || type === "radio";

function inputsOf(components) {
  const below = components.flatMap((component) => inputsOf(component.components ?? []));
  return [...components.filter((component) => isWarning(component) && component.type !== "text"), ...below];
}
