// The diagram of a case: what is done, where it stands, where it came back. The same facts stand as a list below it,
// so that nothing is only in the picture.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { inPageLanguage } from "./page_language.js";
import { bound } from "./ready.js";
import { drawWays } from "./ways.js";

const SMALLEST = 0.5;
// Pixels around the chosen step; on a wide screen the panel lies over the right.
const PANEL_LEAVES = { top: 60, bottom: 60, left: 60, right: window.innerWidth < 992 ? 60 : 360 };
const box = document.getElementById("diagram");
const panel = document.getElementById("diagram-panel");
const panelFacts = document.getElementById("diagram-facts");
const facts = new Map([...document.querySelectorAll("[data-element]")].map((item) => [item.dataset.element, item]));

async function start() {
  const response = await fetch(box.dataset.source, { credentials: "same-origin" });
  if (!response.ok) return fail();
  const viewer = new NavigatedViewer({ container: box });
  await viewer.importXML(inPageLanguage(await response.text()));
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  for (const [id, item] of facts) mark(canvas, registry, id, item);
  drawWays(viewer);
  fit(canvas, registry);
  let chosen = null;
  const choose = (id) => {
    if (!facts.has(id)) return;
    if (chosen) canvas.removeMarker(chosen, "chosen");
    chosen = registry.get(id) ? id : null;
    if (chosen) canvas.addMarker(chosen, "chosen");
    if (chosen) canvas.scrollToElement(chosen, PANEL_LEAVES);
    show(facts.get(id));
  };
  viewer.on("element.click", ({ element }) => choose(element.id));
  for (const [id, item] of facts) item.querySelector("[data-show]")?.addEventListener("click", () => {
    choose(id);
    box.scrollIntoView({ block: "center" });
  });
  document.getElementById("diagram-fit").addEventListener("click", () => fit(canvas, registry));
  // On paper nothing is scrolled: the whole picture, whatever its size.
  matchMedia("print").addEventListener("change", ({ matches }) => {
    canvas.resized();
    if (matches) canvas.zoom("fit-viewport", "auto");
    else fit(canvas, registry);
  });
  document.getElementById("diagram-in").addEventListener("click", () => viewer.get("zoomScroll").stepZoom(1));
  document.getElementById("diagram-out").addEventListener("click", () => viewer.get("zoomScroll").stepZoom(-1));
  document.getElementById("diagram-close").addEventListener("click", () => {
    panel.hidden = true;
    if (chosen) canvas.removeMarker(chosen, "chosen");
    chosen = null;
  });
}

function mark(canvas, registry, id, item) {
  if (!registry.get(id)) return;
  if (item.dataset.state) canvas.addMarker(id, `state-${item.dataset.state}`);
  canvas.addMarker(id, "has-facts");
}

/** The whole picture, but never so small that nothing can be read: a narrow screen shows where the case stands. */
function fit(canvas, registry) {
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() >= SMALLEST) return;
  const { inner, outer } = canvas.viewbox();
  const width = outer.width / SMALLEST;
  const height = outer.height / SMALLEST;
  const stands = registry.get(standing()?.dataset.element);
  const wanted = stands ? stands.x + stands.width / 2 - width / 2 : inner.x;
  const x = Math.min(Math.max(wanted, inner.x), inner.x + Math.max(inner.width - width, 0));
  canvas.viewbox({ x, y: inner.y + (inner.height - height) / 2, width, height });
}

/** The step where the case stands, or the last one that it has passed. */
function standing() {
  const items = [...facts.values()];
  return items.find((item) => item.dataset.state === "current") ?? items.findLast((item) => item.dataset.state);
}

function show(item) {
  const copy = item.cloneNode(true);
  copy.querySelector("[data-show]")?.remove();
  for (const folded of copy.querySelectorAll("details")) folded.open = true;
  for (const node of copy.querySelectorAll("[id]")) node.removeAttribute("id");
  panelFacts.replaceChildren(...copy.childNodes);
  panel.hidden = false;
}

function fail() {
  box.textContent = box.dataset.failed;
}

start().catch(fail).then(bound);
