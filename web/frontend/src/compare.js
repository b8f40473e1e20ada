// Two diagrams beside each other: what differs is marked on both, they move together, and list and picture lead to each
// other. The same facts stand in the list, so that nothing is only in the picture.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { inPageLanguage } from "./page_language.js";
import { bound } from "./ready.js";

const SIDES = { before: ["removed", "changed", "moved"], after: ["added", "changed", "moved"] };
const MARGIN = { top: 80, bottom: 80, left: 80, right: 80 };

async function drawn(box) {
  try {
    const response = await fetch(box.dataset.source, { credentials: "same-origin" });
    if (!response.ok) throw new Error(response.statusText);
    const viewer = new NavigatedViewer({ container: box, canvas: { deferUpdate: false } });
    await viewer.importXML(inPageLanguage(await response.text()));
    return viewer;
  } catch {
    box.textContent = box.dataset.failed;
    return null;
  }
}

function mark(viewer, side, items) {
  const [registry, canvas, overlays] = ["elementRegistry", "canvas", "overlays"].map((name) => viewer.get(name));
  for (const item of items) {
    const { element: id, kind } = item.dataset;
    const element = registry.get(id);
    if (!element || !SIDES[side].includes(kind)) continue;
    canvas.addMarker(id, `is-${kind}`);
    const badge = document.createElement("span");
    badge.className = `diff-badge diff-badge-${kind}`;
    badge.textContent = item.querySelector(".chip").textContent;
    if (!element.waypoints) overlays.add(id, { position: { top: -10, left: -6 }, html: badge });
  }
}

/** What one of them shows, the other one shows, too. */
function together(viewers) {
  let following = false;
  for (const one of viewers) {
    one.on("canvas.viewbox.changed", ({ viewbox: { x, y, width, height } }) => {
      if (following) return;
      following = true;
      for (const other of viewers) if (other !== one) other.get("canvas").viewbox({ x, y, width, height });
      following = false;
    });
  }
}

async function start(section) {
  const boxes = [...section.querySelectorAll(".compare-canvas")];
  const items = [...section.querySelectorAll("[data-element]")];
  const viewers = (await Promise.all(boxes.map(drawn))).map((viewer, number) => ({ viewer, side: boxes[number].dataset.side })).filter(({ viewer }) => viewer);
  for (const { viewer, side } of viewers) mark(viewer, side, items);
  const all = viewers.map(({ viewer }) => viewer);
  together(all);
  const fit = () => all.at(-1)?.get("canvas").zoom("fit-viewport", "auto");
  const choose = (item, from) => {
    for (const one of items) one.classList.toggle("chosen", one === item);
    for (const viewer of all) {
      const [canvas, element] = [viewer.get("canvas"), viewer.get("elementRegistry").get(item.dataset.element)];
      for (const one of items) if (viewer.get("elementRegistry").get(one.dataset.element)) canvas.removeMarker(one.dataset.element, "chosen");
      if (!element) continue;
      canvas.addMarker(element, "chosen");
      if (viewer !== from) canvas.scrollToElement(element, MARGIN);
    }
  };
  for (const item of items) {
    item.querySelector("[data-show]")?.addEventListener("click", () => {
      if (all.at(-1)?.get("canvas").zoom() < 0.6) all.at(-1).get("canvas").zoom(0.8);
      choose(item, null);
      section.querySelector(".compare-canvases").scrollIntoView({ block: "center" });
    });
  }
  for (const viewer of all) {
    viewer.on("element.click", ({ element }) => {
      const item = items.find((one) => one.dataset.element === element.id);
      if (!item) return;
      choose(item, viewer);
      item.scrollIntoView({ block: "center" });
    });
  }
  for (const button of section.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => {
      const step = Number(button.dataset.zoom);
      if (step) all.at(-1)?.get("zoomScroll").stepZoom(step);
      else fit();
    });
  }
  fit();
}

Promise.all([...document.querySelectorAll("[data-diagram]")].map(start)).then(bound, bound);
