// Numbers of forms keep every digit: what JavaScript would round stays the text that was typed, and the server, which
// counts with 34 digits, takes it as a number. Knows no page.

/** Digits that a number of JavaScript keeps for certain. */
const CERTAIN = 15;

/** How many digits of a number's text count. */
export function digitsOf(text) {
  const digits = text.replace(/^[-+0.]*/, "").replace(".", "");
  return digits.replace(/0+$/, "").length;
}

/** `sanitizeValue` of form-js's number field, without the rounding. */
export const keeping = (sanitize) => (given) => {
  const number = sanitize(given);
  const typed = typeof given.value === "string" && typeof number === "number" ? given.value.trim() : "";
  return digitsOf(typed) > CERTAIN ? typed : number;
};
