// Shows the server's errors in a form-js form: at each field, and as a list on top that leads to the fields.
import { placeOf, same, valueAt } from "./merge.js";

/** The field instances of the form by the text of their place: "posts,0,grade" -> {id, valuePath, indexes}. */
function instances(form) {
  const all = form.get("formFieldInstanceRegistry").getAll();
  return new Map(all.map((instance) => [instance.valuePath.join(), instance]));
}

/** Puts `errors` (path -> sentence) at the fields. Returns the lines of the summary: {text, focus}. */
export function showErrors(form, errors, sheets = null) {
  const known = instances(form);
  const state = {};
  const lines = [];
  for (const [path, sentence] of Object.entries(errors)) {
    const instance = known.get(placeOf(path).join());
    if (instance) setAt(state, [instance.id, ...Object.values(instance.indexes ?? {})], [sentence]);
    lines.push({ text: sentence, path, focus: () => sheets?.focus(path) || focusField(form, instance) });
  }
  form._setState({ errors: state });
  return sheets ? sheets.lines(lines) : lines;
}

/** The errors at fields where something stands: a half-filled form should not glow red for what is still to come. */
export function errorsOfFilled(errors, data) {
  return Object.fromEntries(Object.entries(errors).filter(([path]) => isFilled(valueAt(data, placeOf(path)))));
}

function isFilled(value) {
  return !same(value, null) && !(Array.isArray(value) && value.length === 0);
}

function focusField(form, instance) {
  if (!instance) return;
  const suffix = Object.values(instance.indexes ?? {}).map((index) => `_${index}`).join("");
  const id = `fjs-form-${form._id}-${instance.id}${suffix}`;
  const field = document.getElementById(id) ?? document.querySelector(`[id^="${CSS.escape(id)}-"]`);
  field?.scrollIntoView({ block: "center" });
  field?.focus({ preventScroll: true });
}

function setAt(target, [key, ...rest], value) {
  if (!rest.length) target[key] = value;
  else setAt((target[key] ??= {}), rest, value);
}
