// What the canvas offers: only what the engine runs. A task of no kind is run by nobody, so a new one is a user task.
const TASKS = [
  ["user", "bpmn:UserTask", "bpmn-icon-user-task", "User task"],
  ["service", "bpmn:ServiceTask", "bpmn-icon-service-task", "Service task"],
  ["rule", "bpmn:BusinessRuleTask", "bpmn-icon-business-rule-task", "Business rule task"],
  ["script", "bpmn:ScriptTask", "bpmn-icon-script-task", "Script task"],
  ["call", "bpmn:CallActivity", "bpmn-icon-call-activity", "Call activity"],
];
const NOT_RUN = ["create.task", "create.data-object", "create.data-store", "create.group"];
const NOT_REPLACED = ["replace-with-task", "replace-with-manual-task", "replace-with-collapsed-pool"];
const AFTER_OTHERS = 500;

/** The palette without what is not run, and with the kinds of task that are. */
export function offeredInPalette(entries, make, translate) {
  const kept = Object.fromEntries(Object.entries(entries).filter(([name]) => !NOT_RUN.includes(name)));
  for (const [name, type, className, title] of TASKS) {
    const begin = (event) => make(event, type);
    kept[`create.${name}-task`] = { group: "activity", className, title: translate(title), action: { dragstart: begin, click: begin } };
  }
  return kept;
}

export function offeredAsReplacement(entries) {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => !NOT_REPLACED.includes(name)));
}

function Offering(palette, popupMenu, contextPad, create, elementFactory, autoPlace, translate) {
  const make = (event, type) => create.start(event, elementFactory.createShape({ type }));
  palette.registerProvider(AFTER_OTHERS, {
    getPaletteEntries: () => (entries) => offeredInPalette(entries, make, translate),
  });
  popupMenu.registerProvider("bpmn-replace", AFTER_OTHERS, {
    getPopupMenuEntries: () => offeredAsReplacement,
  });
  contextPad.registerProvider(AFTER_OTHERS, {
    getContextPadEntries: () => (entries) => {
      const append = entries["append.append-task"];
      if (append) {
        const shape = () => elementFactory.createShape({ type: "bpmn:UserTask" });
        append.className = "bpmn-icon-user-task";
        append.action = {
          click: (_, element) => autoPlace.append(element, shape()),
          dragstart: (event, element) => create.start(event, shape(), { source: element }),
        };
      }
      return entries;
    },
  });
}
Offering.$inject = ["palette", "popupMenu", "contextPad", "create", "elementFactory", "autoPlace", "translate"];

export const offering = { __init__: ["gangweiOffering"], gangweiOffering: ["type", Offering] };
