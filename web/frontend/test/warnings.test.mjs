// A field that is marked as a warning is red while something stands in it. Run by `node --test`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { markWarnings } from "../src/warnings.js";

globalThis.MutationObserver = class {
  observe() {}
};
globalThis.CSS = { escape: (text) => text };
globalThis.requestAnimationFrame = (draw) => draw();

/** An input that form-js has drawn, and whether it is marked. */
function drawn(value, type = "text") {
  const marks = new Set();
  const field = { classList: { toggle: (name, on) => (on ? marks.add(name) : marks.delete(name)) } };
  return { value, type, closest: () => field, isMarked: () => marks.has("is-warning") };
}

/** Marks one input, and gives the way to tell that the form has changed. */
function marked(input) {
  const asked = [];
  const root = { querySelectorAll: (selector) => (asked.push(selector), [input]) };
  const rows = { type: "dynamiclist", components: [{ type: "textfield", id: "unmet", properties: { warning: "true" } }] };
  let changed;
  markWarnings(root, { components: [rows, { type: "textfield", id: "name" }] }, { _id: 7, on: (_, heard) => (changed = heard) });
  assert.deepEqual([...new Set(asked)], ['[id^="fjs-form-7-unmet"]']);
  return changed;
}

test("an empty warning marks nothing, and one that comes or goes is followed", () => {
  const input = drawn("");
  const changed = marked(input);
  assert.ok(!input.isMarked());
  input.value = "年龄不符合";
  changed();
  assert.ok(input.isMarked());
  input.value = "";
  changed();
  assert.ok(!input.isMarked());
});

test("a box to be ticked says something by standing there", () => {
  const box = drawn("", "checkbox");
  marked(box);
  assert.ok(box.isMarked());
});
