// The canvas: bpmn-js as an editor or as a viewer, with our words and in the page's language.
import Modeler from "bpmn-js/lib/Modeler";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { chinese } from "./chinese.js";
import { descriptor } from "./moddle.js";
import { offering } from "./offering.js";

const PALETTE = 124;
const MARGIN = 16;

export function drawing({ box, words, editing, zh }) {
  const modules = [...(editing ? [offering] : []), ...(zh ? [{ translate: ["value", chinese] }] : [])];
  const options = { container: box, additionalModules: modules, moddleExtensions: { gw: descriptor(words) } };
  const modeler = editing ? new Modeler(options) : new NavigatedViewer(options);
  let loaded = false;

  async function load(xml) {
    loaded = false;
    try {
      await modeler.importXML(xml);
      loaded = true;
      fit();
    } catch (error) {
      return error.message;
    }
    return "";
  }

  /** The whole diagram, beside the palette and not under it. */
  function fit() {
    const canvas = modeler.get("canvas");
    canvas.zoom("fit-viewport", "auto");
    if (!editing) return;
    const { inner, outer } = canvas.viewbox();
    const scale = Math.min(1, (outer.width - PALETTE - MARGIN) / inner.width, (outer.height - 2 * MARGIN) / inner.height);
    canvas.viewbox({ x: inner.x - PALETTE / scale, y: inner.y - MARGIN / scale, width: outer.width / scale, height: outer.height / scale });
  }

  return {
    modeler,
    load,
    fit,
    isLoaded: () => loaded,
    text: async () => (await modeler.saveXML({ format: true })).xml,
    undo: () => editing && modeler.get("commandStack").undo(),
    redo: () => editing && modeler.get("commandStack").redo(),
    destroy: () => modeler.destroy(),
    /** Shows an element; whether there is such a one on the canvas. */
    go(id) {
      const element = loaded && modeler.get("elementRegistry").get(id);
      if (!element) return false;
      if (editing) modeler.get("selection").select(element);
      modeler.get("canvas").scrollToElement(element, 120);
      return true;
    },
  };
}
