// What lies open: the files of the design, the one that is shown in its editor, the panel, the findings, saving.
import { newKey, postForm, postJson } from "../requests.js";
import { drawing } from "./drawing.js";
import { editorFor } from "./editors.js";
import { folder } from "./files.js";
import { setUpFileTools } from "./file_tools.js";
import { setUpFindings } from "./findings.js";
import { setUpForeign } from "./foreign.js";
import { unknownIn } from "./moddle.js";
import { byId, filled, told } from "./page.js";
import { setUpPanel } from "./panel.js";
import { saver } from "./saving.js";
import { scoped } from "./scope.js";

const MAIN = "process.bpmn";
const zh = document.documentElement.lang.startsWith("zh");

export async function setUpDesk({ offer, opened, editing, texts, base, session, lost }) {
  const files = folder(opened);
  const words = [...offer.words, ...unknownIn(Object.values(files.diagrams()), offer.words)];
  byId("canvas").replaceChildren();
  const drawn = drawing({ box: byId("canvas"), words, editing, zh });
  const scope = scoped({ labels: texts.types, named: (id) => nameOf(id) });
  const current = { file: "", editor: null, touched: false };
  const isDiagram = () => current.file.endsWith(".bpmn");
  const shown = () => (isDiagram() ? drawn : current.editor);
  const foreign = setUpForeign({ words: offer.words, texts, editing, open, drawn });
  const findings = setUpFindings({ list: byId("findings"), mark: byId("check-mark"), url: `${base}/check`, words: offer.words, texts, editing, scope, foreign, open, shown, current, drawn });
  const saving = editing ? saver({ session, revision: opened.revision, post, read, told: heard }) : null;
  const tools = setUpFileTools({ files, texts, editing, open, put, current, changed: () => saving.changed() });
  if (editing) setUpUndo();
  const first = files.has(MAIN) ? MAIN : (files.names()[0] ?? "");
  if (first) await open(first);
  else byId("canvas").textContent = texts.noDiagram;
  if (editing) setUpPanel({ box: byId("panel"), modeler: drawn.modeler, offer, files, scope, texts });
  findings.check();

  /** Opens a file in its editor; what was changed in the one before is kept. Whether it could be opened. */
  async function open(name) {
    if (!files.has(name)) return false;
    if (name === current.file) return true;
    await keep();
    current.editor?.destroy();
    Object.assign(current, { file: name, editor: null, touched: false });
    const diagram = name.endsWith(".bpmn");
    byId("canvas").hidden = byId("panel").hidden = byId("fit").hidden = !diagram;
    byId("file-editor").hidden = diagram;
    tools.draw();
    const failed = diagram ? await drawn.load(files.text(name)) : await openOther(name);
    if (failed) (diagram ? byId("canvas") : byId("file-editor")).append(filled(texts.notDrawn, { why: failed }));
    findings.paint();
    return true;
  }

  async function openOther(name) {
    const box = byId("file-editor");
    box.replaceChildren();
    const url = `${base}/file/${name.split("/").map(encodeURIComponent).join("/")}`;
    const around = { box, name, text: files.text(name), changed: touched, zh, editing, texts, scope, url, replace: put };
    try {
      current.editor = await editorFor(name, around);
    } catch (error) {
      const plain = (await import("./text_editor.js")).textEditor;
      current.editor = await plain(around);
      return error.message;
    }
    return "";
  }

  /** What was changed in the editor is what the file holds now; what was only looked at stays as it was. */
  async function keep() {
    if (!current.touched || !files.has(current.file)) return;
    current.touched = false;
    files.keep(current.file, await shown().text());
  }

  function touched() {
    if (!editing) return;
    current.touched = true;
    saving.changed();
  }

  async function read() {
    await keep();
    return files.changes();
  }

  async function post(body) {
    const answer = await postJson(`${base}/save`, { ...body, idempotency_key: newKey() });
    if (answer.ok) files.saved(body.changes);
    return answer;
  }

  /** A Word template is handed up as it is, after what is drawn. */
  async function put(name, file) {
    await saving.save();
    const form = new FormData();
    for (const [key, value] of Object.entries({ session, revision: saving.seen(), name, idempotency_key: newKey() })) form.append(key, value);
    form.append("file", file);
    const answer = await postForm(`${base}/put`, form);
    if (!answer.ok) return told(texts, "notSaved", { why: answer.body.detail ?? "" });
    saving.goOn(answer.body.revision);
    files.handedUp(name);
    heard("saved", { at: answer.body.saved_at });
    tools.draw();
    return open(name);
  }

  function heard(state, facts) {
    if (state === "lost") return lost(facts.why);
    told(texts, state, facts);
    if (state === "saved") findings.check();
  }

  function setUpUndo() {
    byId("undo-tools").hidden = false;
    drawn.modeler.on("commandStack.changed", () => {
      if (drawn.isLoaded() && isDiagram()) touched();
      byId("undo").disabled = !drawn.modeler.get("commandStack").canUndo();
      byId("redo").disabled = !drawn.modeler.get("commandStack").canRedo();
    });
  }

  function nameOf(id) {
    return drawn.modeler.get("elementRegistry").get(id)?.businessObject.name ?? "";
  }

  /** Somebody else edits it now: the file that is shown, to be taken along. */
  async function keepOwn() {
    await keep();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([files.text(current.file) ?? ""], { type: "application/octet-stream" }));
    link.download = current.file.split("/").at(-1);
    link.click();
    URL.revokeObjectURL(link.href);
  }

  return {
    fit: () => isDiagram() && drawn.fit(),
    undo: () => shown()?.undo(),
    redo: () => shown()?.redo(),
    save: () => saving?.save(),
    isBehind: () => Boolean(saving?.isBehind() && !saving.isLost()),
    keepOwn,
    destroy() {
      current.editor?.destroy();
      drawn.destroy();
    },
  };
}
