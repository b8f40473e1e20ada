// What the parts of the drawing page say on it.
export const byId = (id) => document.getElementById(id);
export const filled = (text, facts) => text.replace(/{(\w+)}/g, (whole, name) => facts[name] ?? whole);

/** How saving stands: ready, unsaved, saving, saved, notSaved, offline, reading. */
export function told(texts, state, facts) {
  const mark = byId("save-mark");
  mark.dataset.state = state;
  mark.textContent = filled(texts[state] ?? "", facts);
}
