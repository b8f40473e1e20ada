// What one types a cell in: a list of choices, a line, several lines. Knows no grid: a card has the same.

const MOST_LISTED = 40; // choices of a plain list; with more one types and chooses from what fits
let lists = 0;

/** {element, text()}: a control for a column, which begins with `shown` (or with what was just typed). */
export function controlOf(column, { options, shown, typed = null, words }) {
  const few = column.type === "checkbox" ? [{ label: words.yes }, { label: words.no }] : options;
  if ((column.chooses || column.type === "checkbox") && few.length <= MOST_LISTED) return listed(few, shown);
  const element = document.createElement(column.type === "textarea" ? "textarea" : "input");
  element.value = typed ?? shown;
  element.className = "grid-control";
  if (column.numeric) element.inputMode = "decimal";
  if (column.type === "datetime") element.placeholder = { time: "09:30", datetime: "2026-03-01 09:30" }[column.subtype] ?? "2026-03-01";
  element.autocomplete = "off";
  element.lang = "zh";
  return { element: column.chooses ? withList(element, options) : element, field: element, text: () => element.value };
}

function listed(options, shown) {
  const element = document.createElement("select");
  element.className = "grid-control";
  element.append(new Option("", ""), ...options.map(({ label }) => new Option(label, label)));
  if (shown && !options.some(({ label }) => label === shown)) element.append(new Option(shown, shown));
  element.value = shown;
  for (const option of element.options) if (/[\u2e80-\u9fff]/.test(option.text)) option.lang = "zh";
  return { element, field: element, text: () => element.value };
}

function withList(input, options) {
  const list = document.createElement("datalist");
  list.id = `grid-list-${(lists += 1)}`;
  list.append(...options.map(({ label }) => new Option(label, label)));
  input.setAttribute("list", list.id);
  const holder = document.createElement("span");
  holder.className = "grid-choice";
  holder.append(input, list);
  return holder;
}
