// A design on its page: opened to edit or to read; who else has it open; what is handed out.
import { bound } from "../ready.js";
import { newKey, postJson } from "../requests.js";
import { byId, filled, told } from "./page.js";
import { setUpDesk } from "./desk.js";

const HEARD_MS = 60_000;
const root = byId("workshop");
const base = root.dataset.base;
const texts = JSON.parse(byId("workshop-texts").textContent);
const session = newKey();

let desk = null;

async function start() {
  const asked = fetch(`${base}/words.json`, { credentials: "same-origin" }).then((answer) => answer.json());
  const wide = window.matchMedia("(min-width: 1024px)").matches;
  byId("take-over").addEventListener("click", async () => open(await asked, true));
  byId("fit").addEventListener("click", () => desk?.fit());
  byId("undo").addEventListener("click", () => desk?.undo());
  byId("redo").addEventListener("click", () => desk?.redo());
  byId("keep-own").addEventListener("click", () => desk.keepOwn());
  byId("zip").addEventListener("click", takeAlong);
  window.addEventListener("beforeunload", (event) => desk?.isBehind() && event.preventDefault());
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
  if (!answer.ok) return told(texts, "notSaved", { why: answer.body.detail ?? "" });
  if (editing) byId("held").hidden = true;
  desk?.destroy();
  desk = await setUpDesk({ offer, opened: answer.body, editing, texts, base, session, lost });
  if (editing) {
    window.addEventListener("pagehide", leave);
    setInterval(() => postJson(`${base}/standing`, { session }).then(heard, () => {}), HEARD_MS);
  }
  root.dataset.ready = editing ? "editing" : "reading";
  told(texts, editing ? "ready" : "reading", {});
}

/** The folder is handed out as it stands on the page: what is not saved yet is saved first. */
async function takeAlong(event) {
  if (!desk?.isBehind()) return;
  event.preventDefault();
  const { href } = event.target.closest("a");
  await desk.save();
  window.location.assign(href);
}

function heard(answer) {
  if (answer.ok && !answer.body.mine) lost(filled(texts.takenBy, { name: answer.body.editor || answer.body.saved_by }));
}

function leave() {
  const token = document.querySelector("meta[name=csrf-token]").content;
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  fetch(`${base}/leave`, { method: "POST", keepalive: true, headers, body: JSON.stringify({ session }), credentials: "same-origin" });
}

/** Somebody else edits it now: what was drawn here stays to be taken along. */
function lost(why) {
  told(texts, "reading", {});
  held(why, false);
  byId("keep-own").hidden = false;
  byId("undo-tools").hidden = true;
  byId("file-tools").hidden = true;
  root.dataset.ready = "reading";
}

start();
bound();
