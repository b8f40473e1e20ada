// What the server derived meets what the person typed meanwhile. Run by `node --test` (npm test).
import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeAnswer, placeOf, same, valueAt } from "../src/merge.js";

test("a derived value is taken over", () => {
  assert.deepEqual(mergeAnswer({ n: 2 }, { n: 2, total: 4 }, { n: 2 }), { n: 2, total: 4 });
});

test("a derived value is renewed although no field sent it", () => {
  assert.deepEqual(mergeAnswer({ n: 3, over: false }, { n: 3, over: true }, { n: 3, over: false }), { n: 3, over: true });
});

test("what was typed meanwhile wins", () => {
  assert.deepEqual(mergeAnswer({ n: 2, t: "a" }, { n: 2, t: "A" }, { n: 2, t: "ab" }), { n: 2, t: "ab" });
});

test("a field that is hidden now keeps what was typed", () => {
  assert.deepEqual(mergeAnswer({ n: 1, why: "x" }, { n: 1 }, { n: 1, why: "x" }), { n: 1, why: "x" });
});

test("rows are merged one by one while nobody adds or removes one", () => {
  const answered = { rows: [{ a: 1, q: 10 }, { a: 2, q: 20 }] };
  const sent = { rows: [{ a: 1 }, { a: 2 }] };
  assert.deepEqual(mergeAnswer(sent, answered, { rows: [{ a: 1 }, { a: 9 }] }), { rows: [{ a: 1, q: 10 }, { a: 9, q: 20 }] });
  assert.deepEqual(mergeAnswer(sent, answered, { rows: [{ a: 1 }] }), { rows: [{ a: 1 }] });
});

test("empty is empty, however it is written", () => {
  assert.ok(same({ a: null, b: "" }, {}));
  assert.ok(!same({ a: 0 }, {}));
  assert.ok(!same([], [null, 1]));
});

test("a path leads to its value", () => {
  assert.deepEqual(placeOf("posts[0].grade"), ["posts", 0, "grade"]);
  assert.equal(valueAt({ posts: [{ grade: "1" }] }, placeOf("posts[0].grade")), "1");
  assert.equal(valueAt({ posts: [] }, placeOf("posts[0].grade")), undefined);
});
