// The ways that the tokens of a case went, on its diagram: flows with how often, returns as arrows of their own, how many
// tokens stand at a step. All of it stands as text in the lists below.
const SVG = "http://www.w3.org/2000/svg";
const RISE = 36;

/** Marks and draws what the lists of the page say. */
export function drawWays(viewer) {
  const registry = viewer.get("elementRegistry");
  const canvas = viewer.get("canvas");
  const overlays = viewer.get("overlays");
  for (const item of document.querySelectorAll("[data-flow]")) {
    const flow = registry.get(item.dataset.flow);
    if (!flow?.waypoints || flow.target?.id !== item.dataset.to) continue;
    canvas.addMarker(flow.id, "flow-taken");
    const times = Number(item.dataset.times);
    if (times > 1) badge(overlays, flow, middle(flow), `×${times}`, "flow-count");
  }
  for (const item of document.querySelectorAll("[data-tokens]")) {
    const shape = registry.get(item.closest("[data-element]").dataset.element);
    if (shape) badge(overlays, shape, { x: shape.x + shape.width, y: shape.y }, item.dataset.tokens, "token-count");
  }
  const layer = canvas.getActiveLayer();
  [...document.querySelectorAll("[data-return]")].forEach((item, at) => {
    const [from, to] = [registry.get(item.dataset.from), registry.get(item.dataset.to)];
    if (from && to) layer.append(arrow(from, to, item, at));
  });
}

function badge(overlays, element, at, text, className) {
  const node = document.createElement("span");
  node.className = className;
  node.textContent = text;
  const box = element.waypoints ? corner(element.waypoints) : element;
  overlays.add(element, "ways", { position: { left: at.x - box.x - 10, top: at.y - box.y - 9 }, html: node });
}

function corner(points) {
  return { x: Math.min(...points.map((one) => one.x)), y: Math.min(...points.map((one) => one.y)) };
}

/** The middle of the longest part of a flow. */
function middle(flow) {
  let best = { length: -1 };
  flow.waypoints.slice(1).forEach((end, at) => {
    const begin = flow.waypoints[at];
    const length = Math.hypot(end.x - begin.x, end.y - begin.y);
    if (length > best.length) best = { length, x: (begin.x + end.x) / 2, y: (begin.y + end.y) / 2 };
  });
  return best;
}

/** An arrow over the picture from where the case was returned to where it went. Its words are read on focus, too. */
function arrow(from, to, item, at) {
  const shift = 12 * (at % 3);
  const begin = { x: from.x + from.width / 2 - 8 + shift, y: from.y };
  const end = { x: to.x + to.width / 2 + 8 + shift, y: to.y };
  const high = Math.min(begin.y, end.y) - RISE - shift - Math.min(Math.abs(begin.x - end.x) / 10, 50);
  const group = make("g", { class: "way-back", tabindex: "0", role: "img", "aria-label": item.textContent.trim().replace(/\s+/g, " ") });
  const title = make("title", {});
  title.textContent = group.getAttribute("aria-label");
  const line = `M ${begin.x} ${begin.y} C ${begin.x} ${high} ${end.x} ${high} ${end.x} ${end.y - 9}`;
  const label = make("text", { x: (begin.x + end.x) / 2, y: (begin.y + 3 * high) / 4 - 6 + (end.y - begin.y) / 8, "text-anchor": "middle" });
  label.textContent = item.dataset.said;
  group.append(title, make("path", { class: "way-back-line", d: line }),
    make("path", { class: "way-back-head", d: `M ${end.x - 6} ${end.y - 11} L ${end.x + 6} ${end.y - 11} L ${end.x} ${end.y} z` }), label);
  return group;
}

function make(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}
