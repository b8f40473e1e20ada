// After an act the focus is at what the page says of it: there one hears it, and goes on from there by keys.

export function setUpResult() {
  if (!window.location.hash) focusResult(document);
}

/** Focuses what the page says of the last act, if it says anything; whether it does. */
export function focusResult(page) {
  const said = page.querySelector("#main > :has(> .flashes), #main .problem h1");
  if (!said) return false;
  said.tabIndex = -1;
  said.focus({ preventScroll: true });
  return true;
}
