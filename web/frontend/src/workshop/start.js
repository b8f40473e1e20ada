// A design on its page: opened to edit or to read, drawn, saved while one works, checked after a pause.
import { bound } from "../ready.js";
import { newKey, postJson } from "../requests.js";
import { setUpFindings } from "./findings.js";
import { drawing } from "./drawing.js";
import { unknownIn } from "./moddle.js";
import { setUpPanel } from "./panel.js";
import { saver } from "./saving.js";

const HEARD_MS = 60_000;
const byId = (id) => document.getElementById(id);
const root = byId("workshop");
const base = root.dataset.base;
const texts = JSON.parse(byId("workshop-texts").textContent);
const session = newKey();
const filled = (text, facts) => text.replace(/{(\w+)}/g, (whole, name) => facts[name] ?? whole);
const zh = document.documentElement.lang.startsWith("zh");

let current = null;

async function start() {
  const asked = fetch(`${base}/words.json`, { credentials: "same-origin" }).then((answer) => answer.json());
  const wide = window.matchMedia("(min-width: 1024px)").matches;
  byId("take-over").addEventListener("click", async () => open(await asked, true));
  byId("fit").addEventListener("click", () => current?.fit());
  byId("undo").addEventListener("click", () => current?.undo());
  byId("redo").addEventListener("click", () => current?.redo());
  byId("keep-own").addEventListener("click", keepOwn);
  const offer = await asked;
  if (wide) await open(offer, false);
  else await show(offer, await postJson(`${base}/open`, {}), false);
}

async function open(offer, takeOver) {
  const answer = await postJson(`${base}/open`, { session, take_over: takeOver });
  if (answer.ok) return show(offer, answer, true);
  held(answer.body.detail, true);
  return show(offer, await postJson(`${base}/open`, {}), false);
}

function held(why, mayTake) {
  byId("held-why").textContent = why;
  byId("held").hidden = false;
  byId("take-over").hidden = !mayTake;
}

async function show(offer, answer, editing) {
  if (!answer.ok) return told("notSaved", { why: answer.body.detail ?? "" });
  if (editing) byId("held").hidden = true;
  current?.destroy();
  byId("canvas").replaceChildren();
  const { revision, diagrams } = answer.body;
  const names = Object.keys(diagrams);
  if (!names.length) return void (byId("canvas").textContent = texts.noDiagram);
  const drawn = drawing({ box: byId("canvas"), words: [...offer.words, ...unknownIn(Object.values(diagrams), offer.words)], editing, zh });
  current = { ...drawn, file: names.includes("process.bpmn") ? "process.bpmn" : names[0] };
  const findings = setUpFindings({ list: byId("findings"), mark: byId("check-mark"), url: `${base}/check`, texts, drawn: current, openFile });
  if (editing) edit(offer, diagrams, revision, findings);
  else told("reading", {});
  chooser(names, openFile);
  await openFile(current.file);
  if (editing) setUpPanel({ box: byId("panel"), modeler: drawn.modeler, offer, opened: answer.body, texts });
  findings.check();
  root.dataset.ready = editing ? "editing" : "reading";
  if (editing) told("ready", {});

  async function openFile(name) {
    if (name !== current.file && editing && drawn.isLoaded()) diagrams[current.file] = await drawn.text();
    current.file = name;
    byId("diagram-file").value = name;
    const failed = await drawn.load(diagrams[name]);
    if (failed) byId("canvas").append(filled(texts.notDrawn, { why: failed }));
    findings.paint();
  }
}

function edit(offer, diagrams, revision, findings) {
  const saving = saver({
    session,
    revision,
    post: (body) => postJson(`${base}/save`, { ...body, idempotency_key: newKey() }),
    read: async () => ({ [current.file]: (diagrams[current.file] = await current.text()) }),
    told: (state, facts) => {
      told(state, facts);
      if (state === "saved") findings.check();
    },
  });
  current.modeler.on("commandStack.changed", () => {
    if (current.isLoaded()) saving.changed();
    byId("undo").disabled = !current.modeler.get("commandStack").canUndo();
    byId("redo").disabled = !current.modeler.get("commandStack").canRedo();
  });
  byId("undo-tools").hidden = false;
  window.addEventListener("beforeunload", (event) => saving.isBehind() && !saving.isLost() && event.preventDefault());
  window.addEventListener("pagehide", leave);
  byId("zip").addEventListener("click", (event) => takeAlong(event, saving));
  setInterval(() => postJson(`${base}/standing`, { session }).then(heard, () => {}), HEARD_MS);
}

/** The folder is handed out as it stands on the page: what is not saved yet is saved first. */
async function takeAlong(event, saving) {
  if (!saving.isBehind()) return;
  event.preventDefault();
  await saving.save();
  window.location.assign(event.target.closest("a").href);
}

function heard(answer) {
  if (answer.ok && !answer.body.mine) told("lost", { why: filled(texts.takenBy, { name: answer.body.editor || answer.body.saved_by }) });
}

function leave() {
  const token = document.querySelector("meta[name=csrf-token]").content;
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  fetch(`${base}/leave`, { method: "POST", keepalive: true, headers, body: JSON.stringify({ session }), credentials: "same-origin" });
}

function told(state, facts) {
  const mark = byId("save-mark");
  mark.dataset.state = state;
  mark.textContent = filled(texts[state] ?? "", facts);
  if (state !== "lost") return;
  mark.textContent = texts.reading;
  held(facts.why, false);
  byId("keep-own").hidden = false;
  byId("undo-tools").hidden = true;
  root.dataset.ready = "reading";
}

async function keepOwn() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([await current.text()], { type: "application/xml" }));
  link.download = current.file;
  link.click();
  URL.revokeObjectURL(link.href);
}

function chooser(names, openFile) {
  const select = byId("diagram-file");
  select.hidden = names.length < 2;
  select.replaceChildren(...names.map((name) => new Option(name, name)));
  select.onchange = () => openFile(select.value);
}

start();
bound();
