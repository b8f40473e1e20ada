// One field of the panel by the type that the schema gives: what exists is chosen, only what is new is typed.
import { feelField } from "./feel_field.js";
import { make, labelled } from "./parts.js";

const DECISION = "http://www.omg.org/spec/DMN/";

/** `attribute`: {name, type, label, required, choices}; `changed(value, input)` hears of a change. */
export function field(attribute, value, changed, around) {
  const maker = MAKERS[attribute.type] ?? plain;
  return maker(attribute, value, changed, around);
}

function plain(attribute, value, changed) {
  const input = make("input", "form-control form-control-sm");
  input.type = "text";
  if (attribute.type === "number") input.inputMode = "numeric";
  input.value = value;
  input.addEventListener("change", () => changed(input.value.trim(), input));
  return labelled(attribute.label, input, attribute.required);
}

function long(attribute, value, changed) {
  const input = make("textarea", "form-control form-control-sm");
  input.rows = 2;
  input.value = value;
  input.addEventListener("change", () => changed(input.value.trim(), input));
  return labelled(attribute.label, input, attribute.required);
}

function flag(attribute, value, changed) {
  const input = make("input", "form-check-input");
  input.type = "checkbox";
  input.id = `flag-${attribute.name}-${Math.random().toString(36).slice(2)}`;
  input.checked = attribute.name === "allowed" ? value !== "false" : value === "true";
  const usual = attribute.name === "allowed";
  input.addEventListener("change", () => changed(input.checked === usual ? "" : String(input.checked), input));
  const label = make("label", "form-check-label", [attribute.label]);
  label.htmlFor = input.id;
  return make("div", "panel-field form-check", [input, label]);
}

/** A choice of what exists. What stands there and does not exist stays, and says so. */
function choose(options) {
  return (attribute, value, changed, around) => {
    const select = make("select", "form-select form-select-sm");
    const known = options(attribute, around);
    const shown = [{ id: "", name: around.texts.none }, ...known];
    if (value && !known.some((one) => one.id === value)) {
      shown.push({ id: value, name: around.filled(around.texts.unknown, { value }) });
    }
    select.append(...shown.map((one) => new Option(one.name && one.name !== one.id ? `${one.name}${one.id ? ` · ${one.id}` : ""}` : one.id, one.id, false, one.id === value)));
    select.addEventListener("change", () => changed(select.value, select));
    return labelled(attribute.label, select, attribute.required);
  };
}

/** Several of what exists, with blanks between them. */
function several(options) {
  return (attribute, value, changed, around) => {
    const chosen = new Set(value.split(/\s+/).filter(Boolean));
    const known = options(attribute, around);
    const all = [...known, ...[...chosen].filter((id) => !known.some((one) => one.id === id)).map((id) => ({ id, name: around.filled(around.texts.unknown, { value: id }) }))];
    const boxes = all.map((one) => {
      const input = make("input", "form-check-input");
      input.type = "checkbox";
      input.checked = chosen.has(one.id);
      input.addEventListener("change", () => {
        if (input.checked) chosen.add(one.id);
        else chosen.delete(one.id);
        changed([...chosen].join(" "), input);
      });
      return make("label", "panel-check", [input, one.name || one.id]);
    });
    const legend = make("legend", "form-label", [attribute.label]);
    return make("fieldset", "panel-field panel-several", [legend, ...boxes]);
  };
}

const from = (name) => (_, { offer }) => offer[name];
const steps = (_, { modeler }) =>
  modeler
    .get("elementRegistry")
    .filter((one) => /Task|Event|SubProcess|CallActivity/.test(one.type) && one.type !== "label" && !one.labelTarget)
    .map((one) => ({ id: one.businessObject.id, name: one.businessObject.name ?? "" }));
const forms = (_, { files }) =>
  files.filter((name) => name.endsWith(".form.json")).map((name) => ({ id: name.split("/").at(-1).slice(0, -".form.json".length), name: "" }));

function decisions(_, { decisions: own, offer }) {
  return [...own, ...offer.tables.map((one) => ({ id: one.id, name: "" }))];
}

function parameters(_, { holder, offer, decisions }) {
  if (holder.$type === "gw:Operation") return offer.operations.find((one) => one.id === holder.get("name"))?.parameters ?? [];
  const called = holder.get("ref");
  const inputs = decisions.find((one) => one.id === called)?.inputs ?? offer.tables.find((one) => one.id === called)?.inputs;
  return (inputs ?? []).map((id) => ({ id, name: "" }));
}

const fieldsOf = (_, { one, offer }) => offer.registers.find((own) => own.id === one.get("register"))?.fields ?? [];
const seers = (_, { offer, texts }) => [{ id: "outside", name: texts.outside }, ...offer.roles];

const MAKERS = {
  long,
  feel: feelField,
  flag,
  choice: choose((attribute) => attribute.choices),
  role: choose(from("roles")),
  roles: several(from("roles")),
  seen_by: choose(seers),
  kinds: several(from("kinds")),
  register: choose(from("registers")),
  operation: choose(from("operations")),
  decision: choose(decisions),
  form: choose(forms),
  element: choose(steps),
  elements: several(steps),
  field: choose(fieldsOf),
  parameter(attribute, value, changed, around) {
    const known = parameters(attribute, around);
    return (known.length ? choose(parameters) : plain)(attribute, value, changed, around);
  },
};

/** The decisions of DMN files: {id, name, inputs}. The text is only looked through, never shown as mark-up. */
export function decisionsIn(texts) {
  return texts.flatMap((text) => {
    const model = new DOMParser().parseFromString(text, "application/xml");
    const ours = (tag) => [...model.getElementsByTagNameNS("*", tag)].filter((node) => node.namespaceURI?.startsWith(DECISION));
    const inputs = ours("inputData").map((node) => node.getAttribute("name") ?? "");
    return ours("decision").map((node) => ({ id: node.getAttribute("id") ?? "", name: node.getAttribute("name") ?? "", inputs }));
  });
}
