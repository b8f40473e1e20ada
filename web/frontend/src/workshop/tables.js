// Decision tables and their requirements: dmn-js, in the page's language.
import DmnModeler from "dmn-js/lib/Modeler";
import { button, make } from "./parts.js";
import { chineseOfTables } from "./tables_chinese.js";

export async function tableEditor({ box, text, changed, zh, texts }) {
  const tabs = make("div", "table-tabs");
  const canvas = make("div", "table-canvas");
  box.replaceChildren(tabs, canvas);
  const spoken = zh ? { additionalModules: [{ translate: ["value", chineseOfTables] }] } : {};
  const modeler = new DmnModeler({ container: canvas, common: spoken, drd: spoken, decisionTable: spoken, literalExpression: spoken, boxedExpression: spoken });
  const heard = new Set();

  function listen() {
    const viewer = modeler.getActiveViewer();
    if (!viewer || heard.has(viewer)) return;
    heard.add(viewer);
    viewer.on("commandStack.changed", () => changed());
  }

  function draw() {
    listen();
    const active = modeler.getActiveView();
    const views = modeler.getViews();
    tabs.replaceChildren(
      ...views.map((one) => {
        const name = one.type === "drd" ? texts.requirements : one.element.name || one.element.id;
        const tab = button(name, () => modeler.open(one));
        tab.setAttribute("aria-pressed", String(one.element === active?.element && one.type === active?.type));
        return tab;
      }),
    );
  }

  modeler.on("views.changed", draw);
  await modeler.importXML(text);
  const table = modeler.getViews().find((one) => one.type !== "drd");
  if (table) await modeler.open(table);
  draw();
  return {
    text: async () => (await modeler.saveXML({ format: true })).xml,
    undo: () => modeler.getActiveViewer()?.get("commandStack").undo(),
    redo: () => modeler.getActiveViewer()?.get("commandStack").redo(),
    destroy: () => modeler.destroy(),
    go(id) {
      const view = modeler.getViews().find((one) => one.type !== "drd" && holds(one.element, id)) ?? modeler.getViews().find((one) => one.element.id === id);
      if (view) modeler.open(view);
      return Boolean(view);
    },
  };
}

/** Whether an element has one of that id in it: a column, a row, a cell. */
function holds(element, id) {
  if (element.id === id) return true;
  const { input = [], output = [], rule = [] } = element.decisionLogic ?? {};
  const cells = rule.flatMap((one) => [one, ...(one.inputEntry ?? []), ...(one.outputEntry ?? [])]);
  return [...input, ...output, ...cells].some((one) => one.id === id);
}
