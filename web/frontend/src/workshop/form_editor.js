// A form: form-js's editor, our own entries (sources, derived values, English) beside it, and a preview as it is met.
import { Form } from "@bpmn-io/form-js-viewer";
import { FormEditor } from "@bpmn-io/form-js-editor";
import { speakInCalendars, translateModule, translatePlaceholders } from "../zh.js";
import { inChinese } from "./form_chinese.js";
import { button, labelled, make } from "./parts.js";
import { textEditor } from "./text_editor.js";

const WIDTHS = [["1366", 1366], ["768", 768], ["390", 390]];

export async function formEditor({ box, name, text, changed, zh, editing, texts }) {
  let schema = JSON.parse(text);
  const version = schema.schemaVersion;
  let ours = schema.gangwei ?? {};
  let own = false;
  let entries = null;
  let shownForm = null;
  const stage = make("div", "form-stage");
  const tabs = make("div", "table-tabs");
  box.replaceChildren(tabs, stage);
  const drawn = make("div", "form-drawn");
  const editor = new FormEditor({ container: drawn });
  if (zh) inChinese(drawn);
  await editor.importSchema(schema);
  editor.on("changed", () => own || changed());

  const VIEWS = { draw, rules, preview };
  let view = "";

  async function open(next) {
    take();
    view = next;
    entries?.destroy();
    shownForm?.destroy();
    entries = shownForm = null;
    stage.replaceChildren();
    await VIEWS[next]();
    tabs.replaceChildren(...Object.keys(VIEWS).map((one) => tab(one)));
  }

  function tab(one) {
    const made = button(texts.formViews[one], () => open(one));
    made.setAttribute("aria-pressed", String(one === view));
    return made;
  }

  function draw() {
    stage.append(drawn);
  }

  /** Our entries as JSON: what it says of them that is wrong is shown there, and saved only once it can be read. */
  async function rules() {
    const about = make("p", "quiet small", [texts.formRules]);
    const place = make("div", "text-place");
    stage.append(about, place);
    entries = await textEditor({
      box: place, name: `${name}.json`, text: JSON.stringify(ours, null, 2), zh, editing,
      changed: async () => {
        const read = parsed(await entries.text());
        if (read === undefined) return;
        ours = read;
        changed();
      },
    });
  }

  async function preview() {
    const width = select(WIDTHS.map(([label, value]) => [texts.width.replace("{width}", label), String(value)]));
    const reader = select([[texts.fillsIn, ""], [texts.readsOnly, "readonly"]]);
    const frame = make("div", "form-preview");
    const show = async () => {
      shownForm?.destroy();
      frame.replaceChildren();
      frame.dataset.width = width.value;
      shownForm = new Form({ container: frame, additionalModules: [translateModule(zh ? "zh" : "en")], properties: { readOnly: reader.value !== "" } });
      await shownForm.importSchema(whole());
      translatePlaceholders(frame, zh ? "zh" : "en");
    };
    speakInCalendars(zh ? "zh" : "en");
    width.addEventListener("change", show);
    reader.addEventListener("change", show);
    stage.append(make("h2", "visually-hidden", [texts.formViews.preview]), make("div", "form-preview-head", [labelled(texts.screen, width), labelled(texts.as, reader)]), frame);
    await show();
  }

  function take() {
    schema = editor.saveSchema();
  }

  function whole() {
    take();
    const { gangwei, ...rest } = schema;
    return { ...rest, schemaVersion: version, ...(Object.keys(ours).length ? { gangwei: ours } : {}) };
  }

  await open("draw");
  return {
    text: async () => `${JSON.stringify(whole(), null, 2)}\n`,
    undo: () => (entries ? entries.undo() : editor.get("commandStack").undo()),
    redo: () => (entries ? entries.redo() : editor.get("commandStack").redo()),
    destroy() {
      entries?.destroy();
      shownForm?.destroy();
      editor.destroy();
    },
    go(place) {
      const field = [...editor.get("formFieldRegistry").getAll()].find((one) => one.key === place || one.id === place);
      if (!field) return false;
      if (view !== "draw") open("draw");
      own = true;
      editor.get("selection").set(field);
      own = false;
      return true;
    },
  };
}

function select(options) {
  const made = make("select", "form-select form-select-sm");
  made.append(...options.map(([label, value]) => new Option(label, value)));
  return made;
}

function parsed(text) {
  try {
    const read = JSON.parse(text);
    return read && typeof read === "object" && !Array.isArray(read) ? read : undefined;
  } catch {
    return undefined;
  }
}
