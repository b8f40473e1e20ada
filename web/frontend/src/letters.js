// What people type in full width counts in the browser's own check as it counts on the server, which keeps a code or a
// number in half width. Knows no page.

/** In half width, with single blanks. */
export const narrow = (text) => text.normalize("NFKC").replace(/\s+/g, " ").trim();

/** The form in which codes are compared. */
export const code = (text) => narrow(text).replaceAll(" ", "").toUpperCase();

/** Let a text that fits only in half width, or as a code, be no error: the server takes it so. */
export function tolerant(validator) {
  const strict = validator.validateFieldInstance.bind(validator);
  validator.validateFieldInstance = (field, value) => {
    const errors = strict(field, value);
    if (!errors.length || typeof value !== "string") return errors;
    return [narrow(value), code(value)].some((one) => !strict(field, one).length) ? [] : errors;
  };
}

/** Let digits in full width be digits in a field of a number, before form-js reads them. */
export function narrowed(event) {
  const input = event.target;
  if (event.isComposing || !input.closest?.(".fjs-form-field-number")) return;
  const text = input.value.normalize("NFKC");
  if (text !== input.value) input.value = text;
}
