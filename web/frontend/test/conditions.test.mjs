// Hidden fields that hang on each other. Run by `node --test` (npm test).
import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "../src/conditions.js";

/** form-js's checker as far as it matters here: one pass over flat data. */
class Checker {
  constructor(hides, _paths, _language, eventBus) {
    this._hides = hides;
    this._eventBus = eventBus;
  }

  applyConditions(data, contextData) {
    const left = { ...data };
    for (const [name, hides] of Object.entries(this._hides)) {
      if (!hides(contextData)) continue;
      this._eventBus.fire("conditionChecker.remove", { item: { [name]: left[name] } });
      delete left[name];
    }
    return left;
  }
}
Checker.$inject = ["formFieldRegistry", "pathRegistry", "expressionLanguage", "eventBus"];

function checker(hides, initialData = {}) {
  const fired = [];
  const form = { _getState: () => ({ initialData }) };
  const made = new (settled(Checker))(hides, null, null, { fire: (_, { item }) => fired.push(...Object.keys(item)) }, form);
  return { made, fired };
}

const chain = { a: (data) => data.x !== 1, b: (data) => data.a !== 1, c: (data) => data.b !== 1 };

test("what hangs on a hidden field is hidden, however long the chain", () => {
  const { made, fired } = checker(chain);
  assert.deepEqual(made.applyConditions({ x: 2, a: 1, b: 1, c: 5 }, { x: 2, a: 1, b: 1, c: 5 }), { x: 2 });
  assert.deepEqual(fired, ["a", "b", "c"]);
});

test("a field that its default shows stays", () => {
  const { made } = checker(chain, { a: 1, b: 1 });
  assert.deepEqual(made.applyConditions({ x: 2, a: 3, b: 1, c: 5 }, { x: 2, a: 3, b: 1, c: 5 }), { x: 2, b: 1, c: 5 });
});

test("nothing is told of what a round only took for hidden", () => {
  const hides = { a: () => true, b: (data) => data.a === 1 };
  const { made, fired } = checker(hides);
  assert.deepEqual(made.applyConditions({ a: 1, b: 2 }, { a: 1, b: 2 }), { b: 2 });
  assert.deepEqual(fired, ["a"]);
});

test("fields that hide each other come to an end", () => {
  const { made } = checker({ a: (data) => data.b === undefined, b: (data) => data.a !== undefined });
  assert.ok(made.applyConditions({ a: 1, b: 1 }, { a: 1, b: 1 }));
});
