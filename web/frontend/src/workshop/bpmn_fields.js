// What BPMN itself says of an element and the panel can change: conditions, scripts, times, messages, what is called.
import { field } from "./fields.js";
import { make } from "./parts.js";

const TIMES = ["timeDate", "timeDuration", "timeCycle"];
const FORMAT = "application/feel";

export function bpmnFields(shown, around) {
  const { object } = shown;
  const fields = [
    ...(object.$type === "bpmn:SequenceFlow" ? condition(shown, around) : []),
    ...(object.$type === "bpmn:ScriptTask" ? script(shown, around) : []),
    ...(object.$type === "bpmn:CallActivity" ? called(shown, around) : []),
    ...(object.get?.("eventDefinitions") ?? []).flatMap((one) => event(one, around)),
    ...(/^bpmn:(Send|Receive)Task$/.test(object.$type) ? named(object, "message", around) : []),
  ];
  return fields.length ? [make("div", "panel-bpmn", fields)] : [];
}

/** An expression of BPMN as a moddle element, or none. */
function expression(around, text, parent) {
  if (!text) return undefined;
  const made = around.factory.create("bpmn:FormalExpression", { body: text });
  made.$parent = parent;
  return made;
}

function condition({ object }, around) {
  const source = object.sourceRef;
  const decides = /Exclusive|Inclusive|Complex/.test(source?.$type ?? "") || (source?.outgoing?.length ?? 0) > 1;
  if (!decides || source.$type === "bpmn:ParallelGateway" || source.$type === "bpmn:EventBasedGateway") return [];
  const set = (text) => around.change(object, { conditionExpression: expression(around, text, object) });
  const usual = { name: "default", type: "flag", label: around.texts.isDefault };
  const makeDefault = (value) => around.change(source, { default: value === "true" ? object : undefined });
  return [
    field({ name: "condition", type: "feel", label: around.texts.condition }, object.conditionExpression?.body ?? "", set, around),
    field(usual, source.default === object ? "true" : "", makeDefault, around),
  ];
}

function script({ object }, around) {
  const set = (text) => around.change(object, { script: text || undefined, scriptFormat: FORMAT });
  return [field({ name: "script", type: "feel", label: around.texts.script }, object.script ?? "", set, around)];
}

function called({ object }, around) {
  const processes = Object.entries(around.diagrams).flatMap(([name, text]) =>
    [...new DOMParser().parseFromString(text, "application/xml").getElementsByTagNameNS("*", "process")]
      .map((node) => ({ id: node.getAttribute("id") ?? "", name: node.getAttribute("name") || name })),
  );
  const choice = { name: "called", type: "choice", label: around.texts.called, choices: processes };
  return [field(choice, object.calledElement ?? "", (id) => around.change(object, { calledElement: id || undefined }), around)];
}

function event(definition, around) {
  if (definition.$type === "bpmn:TimerEventDefinition") return timer(definition, around);
  if (definition.$type === "bpmn:ConditionalEventDefinition") {
    const set = (text) => around.change(definition, { condition: expression(around, text, definition) });
    return [field({ name: "condition", type: "feel", label: around.texts.condition }, definition.condition?.body ?? "", set, around)];
  }
  if (definition.$type === "bpmn:MessageEventDefinition") return named(definition, "message", around);
  if (definition.$type === "bpmn:SignalEventDefinition") return named(definition, "signal", around);
  return [];
}

function timer(definition, around) {
  const kind = TIMES.find((name) => definition[name]) ?? "timeDuration";
  const text = definition[kind]?.body ?? "";
  const set = (name, body) => {
    const times = Object.fromEntries(TIMES.map((one) => [one, one === name ? expression(around, body, definition) : undefined]));
    around.change(definition, times, name !== kind);
  };
  const choices = TIMES.map((id) => ({ id, name: around.texts[id] }));
  return [
    field({ name: "timer", type: "choice", label: around.texts.timer, choices }, kind, (name) => set(name || kind, text), around),
    field({ name: "time", type: "feel", label: around.texts[kind] }, text, (body) => set(kind, body), around),
  ];
}

/** A message or a signal by its name; one of that name beside the processes is shared, a new one is made. */
function named(holder, kind, around) {
  const ref = `${kind}Ref`;
  const type = kind === "message" ? "bpmn:Message" : "bpmn:Signal";
  const set = (name) => {
    if (!name) return around.change(holder, { [ref]: undefined });
    const definitions = around.modeler.getDefinitions();
    let found = definitions.rootElements.find((one) => one.$type === type && one.name === name);
    if (!found) {
      found = around.factory.create(type, { name });
      found.$parent = definitions;
      around.change(definitions, { rootElements: [...definitions.rootElements, found] });
    }
    return around.change(holder, { [ref]: found });
  };
  return [field({ name: kind, type: "text", label: around.texts[kind] }, holder[ref]?.name ?? "", set, around)];
}
