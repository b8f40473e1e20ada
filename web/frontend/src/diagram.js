// The diagram of a case: what is done, where it stands, where it came back. The same facts stand as a list below it,
// so that nothing is only in the picture.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const box = document.getElementById("diagram");
const panel = document.getElementById("diagram-panel");
const panelFacts = document.getElementById("diagram-facts");
const facts = new Map([...document.querySelectorAll("[data-element]")].map((item) => [item.dataset.element, item]));

async function start() {
  const response = await fetch(box.dataset.source, { credentials: "same-origin" });
  if (!response.ok) return fail();
  const viewer = new NavigatedViewer({ container: box });
  await viewer.importXML(await response.text());
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  for (const [id, item] of facts) mark(canvas, registry, id, item);
  fit(canvas);
  let chosen = null;
  const choose = (id) => {
    if (!facts.has(id)) return;
    if (chosen) canvas.removeMarker(chosen, "chosen");
    chosen = registry.get(id) ? id : null;
    if (chosen) canvas.addMarker(chosen, "chosen");
    show(facts.get(id));
  };
  viewer.on("element.click", ({ element }) => choose(element.id));
  for (const [id, item] of facts) item.querySelector("[data-show]")?.addEventListener("click", () => {
    choose(id);
    box.scrollIntoView({ block: "center" });
  });
  document.getElementById("diagram-fit").addEventListener("click", () => fit(canvas));
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

/** The whole picture, but never so small that nothing can be read: a narrow screen pans instead. */
function fit(canvas) {
  canvas.zoom("fit-viewport", "auto");
  const smallest = 0.45;
  if (canvas.zoom() < smallest) canvas.zoom(smallest, { x: 0, y: 0 });
}

function show(item) {
  const copy = item.cloneNode(true);
  copy.querySelector("[data-show]")?.remove();
  for (const node of copy.querySelectorAll("[id]")) node.removeAttribute("id");
  panelFacts.replaceChildren(...copy.childNodes);
  panel.hidden = false;
}

function fail() {
  box.textContent = box.dataset.failed;
}

start().catch(fail);
