// Our words on an element, put there by script: in one step that can be undone.
import { typeOf } from "./moddle.js";

const FORMAT = "application/feel";

/** How a word and its values are called on the page. */
export function say(words, { tag, values }) {
  const word = words.find((one) => one.tag === tag);
  const named = (name) => word?.attributes.find((one) => one.name === name)?.label;
  const told = Object.entries(values).map(([name, value]) => [named(name), value].filter(Boolean).join(" "));
  return [word?.label, ...told].filter(Boolean).join(" · ");
}

/** `gives`: {element, tag, values}; of BPMN itself there are `conditionExpression`, `script`, `default` (a `flow`). Whether it could be put. */
export function put(modeler, words, { element, tag, values }) {
  const canvas = modeler.get("canvas");
  const shape = modeler.get("elementRegistry").get(element) ?? canvas.getRootElement();
  const holder = shape.businessObject.id === element ? shape.businessObject : laneOf(modeler, element);
  if (!holder) return false;
  const factory = modeler.get("bpmnFactory");
  const change = (object, properties) => modeler.get("modeling").updateModdleProperties(shape, object, properties);
  const around = holder.get("extensionElements");
  const many = words.find((one) => one.tag === tag)?.many;
  const own = many ? null : around?.get("values").find((one) => one.$type === `gw:${typeOf(tag)}`);
  if (tag === "default") change(holder, { default: modeler.get("elementRegistry").get(values.flow).businessObject });
  else if (tag === "conditionExpression") change(holder, { [tag]: inside(factory.create("bpmn:FormalExpression", values), holder) });
  else if (tag === "script") change(holder, { script: values.text, scriptFormat: FORMAT });
  else if (own) change(own, values);
  else change(...extended(factory, holder, factory.create(`gw:${typeOf(tag)}`, values)));
  return true;
}

const inside = (made, parent) => Object.assign(made, { $parent: parent });

/** What changes, and to what, when a word that was made comes to stand on an element: [object, properties]. */
export function extended(factory, holder, made) {
  const around = holder.get("extensionElements");
  if (around) return [around, { values: [...(around.get("values") ?? []), inside(made, around)] }];
  const fresh = inside(factory.create("bpmn:ExtensionElements", { values: [made] }), holder);
  made.$parent = fresh;
  return [holder, { extensionElements: fresh }];
}

/** A lane that nobody has drawn is there all the same. */
function laneOf(modeler, id) {
  const processes = modeler.getDefinitions().rootElements.filter((one) => one.$type === "bpmn:Process");
  return processes.flatMap((one) => one.laneSets ?? []).flatMap((one) => one.lanes ?? []).find((one) => one.id === id);
}
