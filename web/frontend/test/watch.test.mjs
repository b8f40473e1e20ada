// A page that does not come whole says so; one that hears its keys and clicks already does not. Run by `node --test`.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

const source = await readFile(new URL("../src/watch.js", import.meta.url), "utf8");
class HTMLScriptElement {}

/** What happens to a page: `{type: event}`; whether it then says that it is not whole. */
function says({ type, event, ready = false }) {
  const heard = {};
  let hidden = true;
  const document = {
    readyState: "interactive",
    documentElement: { hasAttribute: () => ready },
    getElementById: () => ({ removeAttribute: () => (hidden = false) }),
  };
  const window = { addEventListener: (name, listener) => (heard[name] = listener) };
  runInNewContext(source, { document, window, HTMLScriptElement });
  const listener = heard[type];
  listener(event);
  return !hidden;
}

test("a script that did not come, or broke before the page was ready, is told", () => {
  assert.ok(says({ type: "error", event: { target: new HTMLScriptElement() } }));
  assert.ok(says({ type: "error", event: { target: {}, error: new Error("broken") } }));
  assert.ok(says({ type: "unhandledrejection", event: {} }));
});

test("a picture that did not come, and what happens once the page is ready, are not", () => {
  assert.ok(!says({ type: "error", event: { target: {} } }));
  assert.ok(!says({ type: "unhandledrejection", event: {}, ready: true }));
});
