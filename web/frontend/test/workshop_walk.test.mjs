// The way to a finding, painted on the diagram: step by step, by the flows it goes, and gone when it is not wanted.
import assert from "node:assert/strict";
import test from "node:test";

import { stepsOf, walker } from "../src/workshop/walk.js";

const FLOWS = [["begin", "split"], ["split", "a"], ["split", "b"], ["a", "join"], ["b", "join"], ["join", "a"]];
const flowsInto = (id) => FLOWS.filter(([, target]) => target === id).map(([source]) => ({ id: `${source}_${id}`, source }));

test("each step is come to by the flow from what was passed last", () => {
  const steps = stepsOf(["begin", "split", "a", "join", "a"], flowsInto);
  assert.deepEqual(steps.map((one) => one.flow), ["", "begin_split", "split_a", "a_join", "join_a"]);
  assert.deepEqual(steps.map((one) => one.number), [1, 2, 3, 4, 5]);
});

/** A canvas that remembers what is painted on it. */
function canvas() {
  const marked = new Set();
  const numbers = [];
  const parts = {
    elementRegistry: { get: (id) => (id === "gone" ? undefined : { incoming: flowsInto(id).map((flow) => ({ id: flow.id, source: { id: flow.source } })) }) },
    canvas: { addMarker: (id) => marked.add(id), removeMarker: (id) => marked.delete(id), scrollToElement: () => {} },
    overlays: { add: (id) => numbers.push(id), remove: () => numbers.splice(0) },
  };
  return { marked, numbers, drawn: { modeler: { get: (name) => parts[name] } } };
}

function clock() {
  let next = null;
  return { setTimeout: (act) => (next = act), clearTimeout: () => (next = null), tick: () => next?.() };
}

test("the way is painted one step after the other, and taken off whole", () => {
  const { marked, numbers, drawn } = canvas();
  const time = clock();
  const walk = walker({ drawn, clock: time, atOnce: () => false });
  walk.show(["begin", "split", "a"]);
  assert.deepEqual(numbers, ["begin"]);
  time.tick();
  assert.deepEqual([...marked], ["begin", "split", "begin_split"]);
  walk.clear();
  time.tick();
  assert.deepEqual([[...marked], numbers], [[], []]);
});

test("whoever wants nothing to move sees the whole way at once, without what is not on this canvas", () => {
  const { numbers, drawn } = canvas();
  walker({ drawn, clock: clock(), atOnce: () => true }).show(["begin", "gone", "split"]);
  assert.deepEqual(numbers, ["begin", "split"]);
});
