// The page of a trial: the diagram with its tokens, or with what was reached; all scenarios run one after the other.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { inPageLanguage } from "./page_language.js";
import { bound } from "./ready.js";
import { postJson } from "./requests.js";

const box = document.getElementById("diagram");
const drawn = JSON.parse(document.getElementById("trial-drawn").textContent);
const paint = document.getElementById("paint");
const all = document.getElementById("run-all");

/** Tokens and what was done; with `reached` instead what any walk has reached. */
function mark(viewer, reached) {
  const canvas = viewer.get("canvas");
  const overlays = viewer.get("overlays");
  const registry = viewer.get("elementRegistry");
  overlays.clear();
  for (const element of registry.getAll()) {
    for (const name of ["state-done", "state-current", "state-returned", "flow-taken"]) canvas.removeMarker(element, name);
  }
  if (reached) {
    for (const id of drawn.covered) if (registry.get(id)) canvas.addMarker(id, registry.get(id).waypoints ? "flow-taken" : "state-done");
    return;
  }
  for (const [id, one] of Object.entries(drawn.marks)) {
    if (!registry.get(id)) continue;
    canvas.addMarker(id, `state-${one.state}`);
    if (one.tokens) badge(overlays, id, "token-count", one.tokens, { top: -9, left: -9 });
    if (one.times > 1) badge(overlays, id, "flow-count", `×${one.times}`, { bottom: 9, right: 12 });
  }
}

function badge(overlays, id, name, text, position) {
  const html = document.createElement("span");
  html.className = name;
  html.textContent = String(text);
  overlays.add(id, { position, html });
}

async function draw() {
  const answer = await fetch(box.dataset.source, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  const viewer = new NavigatedViewer({ container: box });
  await viewer.importXML(inPageLanguage(await answer.text()));
  const fit = () => viewer.get("canvas").zoom("fit-viewport", "auto");
  fit();
  mark(viewer, false);
  paint.addEventListener("change", () => mark(viewer, paint.checked));
  document.getElementById("diagram-fit").addEventListener("click", fit);
  document.getElementById("diagram-in").addEventListener("click", () => viewer.get("zoomScroll").stepZoom(1));
  document.getElementById("diagram-out").addEventListener("click", () => viewer.get("zoomScroll").stepZoom(-1));
}

all?.addEventListener("click", async () => {
  all.disabled = true;
  for (const row of document.querySelectorAll("[data-scenario]")) {
    row.querySelector(".trial-result").textContent = all.dataset.running;
    await postJson(row.dataset.scenario, {}).catch(() => null);
  }
  window.location.reload();
});

draw()
  .catch(() => {
    box.textContent = box.dataset.failed;
  })
  .then(bound);
