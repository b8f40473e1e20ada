// Rows that two people have changed at once: both are shown beside each other, and one is chosen.

export function showConflicts(view) {
  view.conflicts.replaceChildren(...view.model.conflicts().map((row) => conflict(view, row)));
}

function conflict(view, row) {
  const { words, columns, model } = view;
  const { data, by, at } = row.conflict;
  const box = make("section", "notice notice-warning grid-conflict");
  const inner = make("div");
  const title = words.conflictRow.replace("{row}", model.indexOf(row.id) + 1).replace("{by}", by).replace("{at}", at);
  inner.append(make("p", "fw-bold mb-1", title));
  const differ = columns.filter(({ key, fixed }) => !fixed && (data === null || text(row.data[key]) !== text(data[key])));
  const table = make("table", "table table-sm mb-2");
  table.append(head([words.column, words.myValue, words.theirValue.replace("{by}", by)]));
  const body = make("tbody");
  for (const column of differ) {
    const theirs = data === null ? words.conflictGone : column.shown(data[column.key], view.options(row, column), words);
    const line = make("tr");
    line.append(Object.assign(make("th", "", column.heading), { scope: "row" }), make("td", "", view.shown(row, column) || "—"), make("td", "", theirs || "—"));
    body.append(line);
  }
  table.append(body);
  inner.append(table, button(words.mine, () => view.settle(row.id, true)), button(words.theirs, () => view.settle(row.id, false)));
  box.append(inner);
  return box;
}

function head(names) {
  const line = make("tr");
  for (const name of names) line.append(Object.assign(make("th", "", name), { scope: "col" }));
  const part = make("thead");
  part.append(line);
  return part;
}

function button(words, act) {
  const made = Object.assign(make("button", "btn btn-sm btn-plain me-2", words), { type: "button" });
  made.addEventListener("click", act);
  return made;
}

const text = (value) => (value === null || value === undefined ? "" : String(value));

function make(name, className = "", words = "") {
  return Object.assign(document.createElement(name), { className, textContent: words });
}
