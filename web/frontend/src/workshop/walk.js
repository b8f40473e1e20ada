// The way by which a case comes to what a check has found, painted on the diagram step by step.
const STEP_MS = 600;
const PAINTED = "walk-passed";
const AROUND = { top: 40, right: 40, bottom: 40, left: 150 }; // the palette lies on the left

/**
 * What is painted at each step: the element, and the flow by which it is come to, from whatever was passed last.
 * `flowsInto(id)`: [{id, source}] of an element.
 */
export function stepsOf(walk, flowsInto) {
  return walk.map((id, at) => {
    const before = walk.slice(0, at);
    const flows = flowsInto(id).filter((flow) => before.includes(flow.source));
    const last = flows.sort((one, other) => before.lastIndexOf(other.source) - before.lastIndexOf(one.source))[0];
    return { id, flow: last?.id ?? "", number: at + 1 };
  });
}

/** `drawn`: the canvas of drawing.js. `clock`: for tests; `atOnce`: whoever wants nothing to move sees all of it at once. */
export function walker({ drawn, clock = globalThis, atOnce = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches }) {
  let painted = [];
  let timer = null;

  const part = (name) => drawn.modeler.get(name);
  const flowsInto = (id) => (part("elementRegistry").get(id)?.incoming ?? []).map((flow) => ({ id: flow.id, source: flow.source.id }));

  function clear() {
    clock.clearTimeout(timer);
    if (!painted.length) return;
    const there = painted.filter((id) => part("elementRegistry").get(id));
    there.forEach((id) => part("canvas").removeMarker(id, PAINTED));
    part("overlays").remove({ type: "walk" });
    painted = [];
  }

  function show(walk) {
    clear();
    const steps = stepsOf(walk, flowsInto);
    if (atOnce()) steps.forEach(paint);
    else next(steps);
  }

  function next([step, ...rest]) {
    if (!step) return;
    paint(step);
    timer = clock.setTimeout(() => next(rest), STEP_MS);
  }

  function paint({ id, flow, number }) {
    const there = [id, flow].filter((one) => one && part("elementRegistry").get(one));
    there.forEach((one) => part("canvas").addMarker(one, PAINTED));
    painted.push(...there);
    if (!there.includes(id)) return;
    part("canvas").scrollToElement(id, AROUND);
    part("overlays").add(id, "walk", { position: { top: -10, left: -10 }, html: `<span class="walk-number">${number}</span>` });
  }

  return { show, clear };
}
