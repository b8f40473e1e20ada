// What an element says, to be read and changed: its name, what BPMN says of it, and our words by their schema.
import { bpmnFields } from "./bpmn_fields.js";
import { decisionsIn, field } from "./fields.js";
import { manyOf, typeOf } from "./moddle.js";
import { filled } from "./page.js";
import { button, heading, make } from "./parts.js";
import { extended } from "./words.js";

export function setUpPanel({ box, modeler, offer, files, scope, texts }) {
  const bus = modeler.get("eventBus");
  const modeling = modeler.get("modeling");
  const factory = modeler.get("bpmnFactory");
  let shown = null;
  let own = false;

  /** One change as one step that can be undone; the panel need not be drawn again for what is typed in it. */
  function change(holder, properties, again = false) {
    own = !again;
    modeling.updateModdleProperties(shown.element, holder, properties);
    own = false;
    if (again) draw();
  }

  const surroundings = { offer, texts, modeler, change, factory, filled, scope, shown: () => shown };

  function chosen() {
    const [first, second] = modeler.get("selection").get();
    const element = first && !second ? (first.labelTarget ?? first) : modeler.get("canvas").getRootElement();
    return element.businessObject.$type === "bpmn:Collaboration" ? executed(element) : element;
  }

  const executed = (root) => root.children.find((one) => one.businessObject.processRef) ?? root;

  function draw() {
    const element = chosen();
    const object = element.businessObject;
    const holder = object.processRef ?? object;
    shown = { element, object, holder, process: processOf(holder) };
    const decisions = decisionsIn(files.tables());
    Object.assign(surroundings, { diagrams: files.diagrams(), files: files.all(), decisions, functions: functionsOf(offer, decisions) });
    const tag = holder.$type.replace(/^\w+:/, "").replace(/^[A-Z]/, (letter) => letter.toLowerCase());
    box.replaceChildren(
      heading(2, object.name || object.id, object.id),
      ...general(),
      ...bpmnFields(shown, surroundings),
      ...offer.words.filter((word) => word.on.includes(tag)).map((word) => group(word, extensions(), "values")),
    );
  }

  function general() {
    const { element, object, holder } = shown;
    const rename = (name) => {
      own = true;
      modeling.updateProperties(element, { name: name || undefined });
      if (holder !== object) modeling.updateModdleProperties(element, holder, { name: name || undefined });
      own = false;
    };
    const identify = (id, input) => {
      const fits = /^[A-Za-z_][\w.-]*$/.test(id) && (id === holder.id || !holder.$model.ids.assigned(id));
      input.setCustomValidity(fits ? "" : texts.badId);
      if (!fits) return input.reportValidity();
      if (holder === object) modeling.updateProperties(element, { id });
      else change(holder, { id }, true);
    };
    const english = (name) => change(object, { "gw:nameEn": name || undefined });
    return [
      field({ name: "name", type: "text", label: texts.name }, object.name ?? "", rename, surroundings),
      field({ name: "nameEn", type: "text", label: texts.nameEn }, object.get("gw:nameEn") ?? "", english, surroundings),
      field({ name: "id", type: "id", label: texts.id, required: true }, holder.id, identify, surroundings),
    ];
  }

  const extensions = () => shown.holder.get("extensionElements");

  /** All of one word that stand on the element, or (nested) in another word. */
  function group(word, holder, property) {
    const all = (holder?.get(property) ?? []).filter((one) => one.$type === `gw:${typeOf(word.tag)}`);
    const body = make("div", "word-body");
    const add = button(filled(texts.addWord, { word: word.label }), () => append(word, property === "values" ? null : holder, property));
    const made = make("details", "word", [make("summary", "", [word.label, ...(all.length ? [make("span", "count", [String(all.length)])] : [])]), body]);
    made.open = all.length > 0;
    body.append(make("p", "word-meaning quiet small", [word.meaning.replaceAll("`", "")]));
    body.append(...all.map((one, index) => entry(word, one, holder, property, index)));
    if (word.many || !all.length) body.append(add);
    return made;
  }

  function entry(word, one, holder, property, index) {
    const fields = word.attributes.map((attribute) =>
      field(attribute, one.get(attribute.name) ?? "", (value) => change(one, { [attribute.name]: value || undefined }, attribute.type === "operation" || attribute.type === "decision" || attribute.type === "register"), { ...surroundings, word, one, holder }),
    );
    const inside = offer.words.filter((other) => other.on.includes(word.tag)).map((other) => group(other, one, manyOf(other.tag)));
    const remove = button(filled(texts.removeWord, { word: word.label }), () =>
      change(holder, { [property]: holder.get(property).filter((other) => other !== one) }, true),
    );
    const legend = make("legend", "visually-hidden", [`${word.label} ${index + 1}`]);
    return make("fieldset", "word-entry", [legend, ...fields, ...inside, remove]);
  }

  function append(word, holder, property) {
    const made = factory.create(`gw:${typeOf(word.tag)}`, {});
    if (holder) {
      made.$parent = holder;
      return change(holder, { [property]: [...(holder.get(property) ?? []), made] }, true);
    }
    return change(...extended(factory, shown.holder, made), true);
  }

  const again = () => own || draw();
  bus.on("selection.changed", draw);
  bus.on("commandStack.changed", again);
  bus.on("import.done", draw);
  draw();
}

/** What an expression may call, with the names of what that takes: functions of FEEL and ours, and every decision. */
function functionsOf(offer, decisions) {
  const asked = [...decisions, ...offer.tables].map(({ id, inputs }) => ({ id, parameters: inputs }));
  return [...offer.functions, ...asked].map(({ id, parameters }) => ({ name: id, type: "function", params: parameters.map((name) => ({ name })) }));
}

function processOf(holder) {
  for (let one = holder; one; one = one.$parent) if (one.$type === "bpmn:Process") return one.id;
  return "";
}
