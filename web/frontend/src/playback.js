// A case played event by event: the picture and the panel follow the event that is chosen. What a position shows is
// made by the server, slice by slice; the next slice is fetched before it is needed.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { inPageLanguage } from "./page_language.js";
import { bound } from "./ready.js";

const SLICE = 20;
const KEPT = 400;
const PAUSE = 1500;
const READABLE = 0.8; // of its own size: letters of 10 pixels
const box = document.getElementById("diagram");
const root = document.getElementById("playback");
const panel = document.getElementById("playback-position");
const list = document.getElementById("playback-events");
const slider = document.getElementById("playback-slider");
const play = document.getElementById("playback-play");
const speed = document.getElementById("playback-speed");
const total = Number(root.dataset.total);
const known = new Map();
const asked = new Map();
let viewer = null;
let marked = [];
let at = 0;
let timer = null;

/** The positions of the slice in which an event is; asked for once at a time. */
function fetched(seq) {
  if (known.has(seq)) return Promise.resolve();
  const first = seq - ((seq - 1) % SLICE);
  if (!asked.has(first)) {
    const asking = fetch(`${root.dataset.source}?first=${first}`, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .then(({ positions, last }) => {
        if (known.size > KEPT) known.clear();
        for (const one of positions) known.set(one.seq, one);
        for (let seq = first; seq <= last; seq += 1) if (!known.has(seq)) known.set(seq, null);
      })
      .finally(() => asked.delete(first));
    asked.set(first, asking);
  }
  return asked.get(first);
}

/** Show the case right after an event. */
async function goTo(wanted) {
  const seq = Math.min(Math.max(wanted, 1), total);
  at = seq;
  slider.value = String(seq);
  try {
    await fetched(seq);
  } catch {
    if (at === seq) panel.textContent = root.dataset.failed;
    return stop();
  }
  if (at !== seq) return; // another was chosen meanwhile
  show(seq);
  if (seq + 1 <= total) fetched(seq + 1).catch(() => {});
}

function show(seq) {
  const position = known.get(seq);
  const open = new Set([...panel.querySelectorAll("details[open]")].map((one) => one.dataset.part));
  panel.innerHTML = position ? position.html : "";
  for (const part of panel.querySelectorAll("details")) if (open.has(part.dataset.part)) part.open = true;
  if (!position) panel.textContent = root.dataset.hidden;
  if (position) draw(position);
  for (const link of list.querySelectorAll("[aria-current]")) link.removeAttribute("aria-current");
  const link = document.getElementById(`line-${seq}`);
  link?.setAttribute("aria-current", "step");
  if (link) list.scrollTop = link.offsetTop - list.clientHeight / 2;
  slider.setAttribute("aria-valuetext", link?.textContent.trim() ?? String(seq));
  const mark = document.getElementById("playback-now");
  mark?.setAttribute("x1", link?.dataset.x ?? "0");
  mark?.setAttribute("x2", link?.dataset.x ?? "0");
  history.replaceState(null, "", `#event-${seq}`);
  root.dataset.shown = String(seq);
}

/** What is too wide to be read as a whole is shown at a size that can be read; «fit» shows all of it. */
function readable() {
  const canvas = viewer.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() < READABLE) canvas.zoom(READABLE);
}

/** Keeps where the case stands in sight, unless all of the diagram is. */
function follow({ element, marks }) {
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const current = Object.keys(marks).find((id) => marks[id].tokens && registry.get(id));
  const there = current ?? (element && registry.get(element) ? element : null);
  if (there) canvas.scrollToElement(there, { top: 120, bottom: 120, left: 120, right: 120 });
}

function draw({ element, marks }) {
  if (!viewer) return;
  const canvas = viewer.get("canvas");
  const overlays = viewer.get("overlays");
  const registry = viewer.get("elementRegistry");
  for (const [id, name] of marked) canvas.removeMarker(id, name);
  overlays.clear();
  marked = [];
  for (const [id, one] of Object.entries(marks)) {
    if (!registry.get(id)) continue;
    canvas.addMarker(id, `state-${one.state}`);
    marked.push([id, `state-${one.state}`]);
    if (one.tokens) count(overlays, id, "token-count", one.tokens, { top: -9, left: -9 });
    if (one.times > 1) count(overlays, id, "flow-count", `×${one.times}`, { bottom: 9, right: 12 });
  }
  follow({ element, marks });
}

function count(overlays, id, name, text, position) {
  const html = document.createElement("span");
  html.className = name;
  html.textContent = String(text);
  overlays.add(id, { position, html });
}

function stop() {
  clearTimeout(timer);
  timer = null;
  play.setAttribute("aria-pressed", "false");
}

async function run() {
  if (at >= total) await goTo(1);
  play.setAttribute("aria-pressed", "true");
  const next = async () => {
    await goTo(at + 1);
    if (at >= total) return stop();
    if (timer) timer = setTimeout(next, PAUSE / Number(speed.value));
  };
  timer = setTimeout(next, PAUSE / Number(speed.value));
}

function asks() {
  return Number(/^#(?:event-)?(\d+)$/.exec(location.hash)?.[1] ?? 0);
}

const step = (by) => () => {
  stop();
  goTo(at + by);
};

async function start() {
  slider.addEventListener("input", () => {
    stop();
    goTo(Number(slider.value));
  });
  play.addEventListener("click", () => (timer ? stop() : run()));
  document.getElementById("playback-back").addEventListener("click", step(-1));
  document.getElementById("playback-on").addEventListener("click", step(1));
  document.addEventListener("keydown", (event) => {
    const writes = event.target.closest?.("input, select, textarea, [contenteditable]");
    if (writes || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowRight") step(1)();
    else if (event.key === "ArrowLeft") step(-1)();
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-seq]");
    if (!link) return;
    event.preventDefault();
    stop();
    goTo(Number(link.dataset.seq));
  });
  window.addEventListener("hashchange", () => asks() && asks() !== at && goTo(asks()));
  document.getElementById("diagram-fit").addEventListener("click", () => viewer?.get("canvas").zoom("fit-viewport", "auto"));
  document.getElementById("diagram-in").addEventListener("click", () => viewer?.get("zoomScroll").stepZoom(1));
  document.getElementById("diagram-out").addEventListener("click", () => viewer?.get("zoomScroll").stepZoom(-1));
  const answer = await fetch(box.dataset.source, { credentials: "same-origin" });
  if (answer.ok) {
    const drawn = new NavigatedViewer({ container: box });
    await drawn.importXML(inPageLanguage(await answer.text()));
    viewer = drawn;
    readable();
  } else box.textContent = box.dataset.failed;
  await goTo(asks() || Number(root.dataset.first));
}

start()
  .catch(() => {
    box.textContent = box.dataset.failed;
    return goTo(asks() || Number(root.dataset.first));
  })
  .then(bound);
