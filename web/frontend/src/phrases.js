// The picker of phrases beside an opinion: fetched when somebody begins to write, put in by a click or Alt with a digit.

const PLACE = "[data-phrases-for]";

/** Makes the picker of a page, or of a part of it, ready; does nothing where there is none. */
export function setUpPhrases(root = document) {
  const place = root.querySelector(PLACE);
  const field = place && document.getElementById(place.dataset.phrasesFor);
  if (!field) return;
  field.addEventListener("focus", () => fetchInto(place), { once: true });
  place.addEventListener("click", (event) => {
    const phrase = event.target.closest("[data-phrase]");
    if (phrase) put(place, field, phrase);
    else if (event.target.closest("[data-keeps-phrase]")) keep(place, field);
  });
  field.addEventListener("keydown", (event) => {
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
    const phrase = event.altKey && digit && place.querySelector(`[aria-keyshortcuts="Alt+${digit}"]`);
    if (!phrase) return;
    event.preventDefault();
    put(place, field, phrase);
  });
}

/** The text with a phrase at the cursor: behind what stands there, without a line of its own. */
export function withPhrase(text, phrase, start = text.length, end = start) {
  return { text: text.slice(0, start) + phrase + text.slice(end), cursor: start + phrase.length };
}

function put(place, field, phrase) {
  const made = withPhrase(field.value, phrase.textContent, field.selectionStart, field.selectionEnd);
  field.value = made.text.slice(0, field.maxLength > 0 ? field.maxLength : undefined);
  field.setSelectionRange(made.cursor, made.cursor);
  field.dispatchEvent(new Event("input", { bubbles: true })); // drafts and the need of an opinion hear of it
  field.focus();
  tell(place, "put");
  send(`/phrases/${phrase.dataset.phrase}/used`).catch(() => {}); // only counts; the opinion is what matters
}

async function keep(place, field) {
  const text = field.value.trim();
  if (!text) {
    tell(place, "nothing");
    field.focus();
    return;
  }
  const answer = await send("/phrases", { text }).catch(() => null);
  if (!answer?.ok) return;
  place.innerHTML = await answer.text();
  tell(place, "kept");
}

async function fetchInto(place) {
  const answer = await fetch("/phrases/picker").catch(() => null);
  if (answer?.ok && !answer.redirected) place.innerHTML = await answer.text();
}

function send(address, fields = {}) {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  return fetch(address, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { "X-CSRFToken": token, "X-Picker": "1" },
    keepalive: true,
  });
}

function tell(place, what) {
  const told = place.querySelector("[data-phrase-told]");
  if (!told) return;
  told.textContent = told.dataset[what];
  told.classList.toggle("visually-hidden", what === "put");
}
