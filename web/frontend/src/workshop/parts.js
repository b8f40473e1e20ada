// The small parts of the panel. Text is only ever text: nothing that a diagram says becomes mark-up.
export function make(tag, className = "", children = []) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export function button(label, act) {
  const made = make("button", "btn btn-sm btn-plain", [label]);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

export function heading(level, text, beside) {
  return make("div", "panel-head", [make(`h${level}`, "", [text]), make("span", "code quiet", [beside])]);
}

let made = 0;

/** A field under its label; `required`: it must be filled in. */
export function labelled(label, input, required = false) {
  input.id ||= `panel-field-${++made}`;
  const named = make("label", required ? "form-label required" : "form-label", [label]);
  named.htmlFor = input.id;
  return make("div", "panel-field", [named, input]);
}
