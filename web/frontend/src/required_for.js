// Fields that some outcomes of a task ask for (`requiredFor`): told at the field, and looked at before anything is sent.
// The server has the last word. Knows no DOM.
import { placeOf, valueAt } from "./merge.js";

const CHOSEN = new Set(["checklist", "datetime", "radio", "select", "taglist"]);

/** The schema with the outcomes in the label of each field they ask for. `names`: outcome -> its name; `words`: sentences. */
export function withOutcomes(schema, names, words) {
  const marked = (component) => {
    const copy = component.components ? { ...component, components: component.components.map(marked) } : component;
    const asking = outcomesOf(component).map((outcome) => names[outcome]).filter(Boolean);
    if (!asking.length) return copy;
    const mark = words.mark.replace("{outcomes}", asking.join(words.between));
    return { ...copy, [labelOf(component)]: `${component[labelOf(component)] ?? ""}${mark}` };
  };
  return { ...schema, components: (schema.components ?? []).map(marked) };
}

/** What `data`, without what is hidden, lacks of what an outcome asks for: path -> sentence, as the server finds it. */
export function unfilled(schema, data, outcome, words) {
  return Object.fromEntries(lacking(schema.components ?? [], data, outcome, words, "", []));
}

function lacking(components, data, outcome, words, above, rows) {
  return components.flatMap((component) => {
    const name = component.key ?? component.path ?? "";
    const value = name ? valueAt(data, placeOf(name)) : data;
    const path = name ? above + (above ? "." : "") + name : above;
    if (component.type === "dynamiclist") {
      const below = (row, at) => lacking(component.components, row, outcome, words, `${path}[${at}]`, [...rows, at + 1]);
      return Array.isArray(value) ? value.flatMap(below) : [];
    }
    if (component.components) return lacking(component.components, value, outcome, words, path, rows);
    if (value === undefined || !outcomesOf(component).includes(outcome) || isFilled(component, value)) return [];
    return [[path, sentence(component, words, rows)]];
  });
}

const outcomesOf = ({ properties }) => (properties?.requiredFor ?? "").split(/\s+/).filter(Boolean);

const labelOf = ({ type, subtype }) => (type !== "datetime" ? "label" : subtype === "time" ? "timeLabel" : "dateLabel");

function isFilled({ type }, value) {
  if (type === "checkbox") return value === true;
  return value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
}

function sentence(component, words, rows) {
  const { type } = component;
  const verb = CHOSEN.has(type) ? words.choose : type === "checkbox" ? words.tick : type === "filepicker" ? words.upload : words.fill;
  const what = verb.replace("{label}", () => component[labelOf(component)] || component.key);
  return rows.length ? words.row.replace("{row}", rows.join("-")).replace("{what}", () => what) : what;
}
