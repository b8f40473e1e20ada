// A question that is not answered because others come first is asked again, an act never.
import assert from "node:assert/strict";
import test from "node:test";

import { askJson, postJson } from "../src/requests.js";

function answering(statuses) {
  const asked = [];
  globalThis.document = { querySelector: () => ({ content: "token" }) };
  globalThis.setTimeout = (done) => done();
  globalThis.fetch = async (url) => {
    asked.push(url);
    const status = statuses[Math.min(asked.length, statuses.length) - 1];
    return { ok: status < 400, status, json: async () => ({ status }) };
  };
  return asked;
}

test("a question is asked until it is answered", async () => {
  const asked = answering([503, 503, 200]);
  assert.equal((await askJson("/preview", {})).status, 200);
  assert.equal(asked.length, 3);
});

test("after some time the person is told that nobody answers", async () => {
  const asked = answering([503]);
  assert.equal((await askJson("/preview", {})).status, 503);
  assert.equal(asked.length, 4);
});

test("whatever else is answered is the answer", async () => {
  const asked = answering([422]);
  assert.equal((await askJson("/preview", {})).status, 422);
  assert.equal(asked.length, 1);
});

test("an act is sent once", async () => {
  const asked = answering([503]);
  assert.equal((await postJson("/act", {})).status, 503);
  assert.equal(asked.length, 1);
});
