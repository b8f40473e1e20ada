// The files of a design on its page, what an expression may read, and that the editors speak Chinese.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import test from "node:test";

import { begun, folder, placed } from "../src/workshop/files.js";
import { FORM_WORDS } from "../src/workshop/form_chinese.js";
import { scoped } from "../src/workshop/scope.js";
import { chineseOfTables, TABLE_WORDS } from "../src/workshop/tables_chinese.js";

const opened = () => ({
  diagrams: { "process.bpmn": "<p/>", "part.bpmn": "<q/>" },
  texts: { "rules.dmn": "<d/>", "forms/apply.form.json": "{}" },
  papers: ["documents/answer.docx"],
  tables: { "_shared/common.dmn": "<c/>" },
  names: ["process.bpmn", "part.bpmn", "rules.dmn", "forms/apply.form.json", "documents/answer.docx", "_shared/common.dmn"],
});

test("files stand by their kind, the process first, and what is shared is only asked", () => {
  const files = folder(opened());
  assert.deepEqual(files.groups(), [
    ["diagrams", ["process.bpmn", "part.bpmn"]],
    ["tables", ["rules.dmn"]],
    ["forms", ["forms/apply.form.json"]],
    ["papers", ["documents/answer.docx"]],
  ]);
  assert.deepEqual(files.tables(), ["<d/>", "<c/>"]);
  assert.ok(files.all().includes("_shared/common.dmn") && !files.has("_shared/common.dmn"));
});

test("only what was changed is sent, and what was changed again while it was sent is sent once more", () => {
  const files = folder(opened());
  files.keep("rules.dmn", "<d/>");
  assert.deepEqual(files.changes(), {});
  files.keep("rules.dmn", "<d2/>");
  files.remove("part.bpmn");
  const sent = files.changes();
  assert.deepEqual(sent, { "rules.dmn": "<d2/>", "part.bpmn": null });
  files.keep("rules.dmn", "<d3/>");
  files.saved(sent);
  assert.deepEqual(files.changes(), { "rules.dmn": "<d3/>" });
  assert.ok(!files.has("part.bpmn"));
});

test("a new file stands where its kind stands, and no name leads out of the folder", () => {
  assert.equal(placed("form", "申请表.form.json"), "forms/申请表.form.json");
  assert.equal(placed("paper", "answer"), "documents/answer.docx");
  for (const bad of ["", "../a", "a/b", ".hidden", "a b", "a\\b"]) assert.equal(placed("table", bad), "", bad);
  assert.equal(JSON.parse(begun("form", "forms/apply.form.json")).id, "apply");
  assert.match(begun("table", "quota.dmn"), /<decision id="quota"/);
});

test("an element is offered what it sees, with types and what is in them", () => {
  const scope = scoped({ labels: { text: "文字", context: "一组字段" }, named: (id) => ({ apply: "申请" })[id] ?? "" });
  const field = { name: "place", type: "text", label: "地点", of: [], entries: [] };
  const variables = { apply: { name: "apply", type: "context", label: "", of: ["apply"], entries: [field] }, later: { name: "later", type: "any", label: "", of: [], entries: [] } };
  let told = 0;
  scope.follow(() => true, () => (told += 1));
  scope.hear({ variables, seen: { step: ["apply"], whole: ["apply", "later"] }, papers: {} });
  assert.equal(told, 1);
  const [apply] = scope.offered("step", "whole");
  assert.deepEqual([apply.name, apply.detail, apply.entries[0].name, apply.entries[0].detail], ["apply", "一组字段", "place", "文字"]);
  assert.deepEqual(scope.at("flow", "whole").map((one) => one.name), ["apply", "later"]);
});

/** Every sentence that the sources of a package hand to its `translate`. */
async function said(name) {
  const folder = new URL(`../node_modules/${name}/lib/`, import.meta.url);
  const found = [];
  for (const file of await readdir(folder, { recursive: true })) {
    if (!file.endsWith(".js")) continue;
    const source = await readFile(new URL(file, folder), "utf8");
    found.push(...[...source.matchAll(/[tT]ranslate\(\s*(['"])((?:(?!\1).)+)\1/g)].map((one) => one[2]));
  }
  return found;
}

test("every sentence of the editor of tables is there in Chinese", async () => {
  const all = (await Promise.all(["dmn-js-drd", "dmn-js-decision-table", "dmn-js-literal-expression", "dmn-js-boxed-expression", "dmn-js-shared"].map(said))).flat();
  assert.ok(all.length > 150);
  const english = [...new Set(all)].filter((one) => !(one in TABLE_WORDS) && /[A-Za-z]{2}/.test(one));
  assert.deepEqual(english, []);
  assert.equal(chineseOfTables("Function kind: {kind}", { kind: "FEEL" }), "函数类型：FEEL");
});

test("every component, label and help of the editor of forms is there in Chinese", async () => {
  const editor = await readFile(new URL("../node_modules/@bpmn-io/form-js-editor/dist/index.es.js", import.meta.url), "utf8");
  const viewer = await readFile(new URL("../node_modules/@bpmn-io/form-js-editor/node_modules/@bpmn-io/form-js-viewer/dist/index.es.js", import.meta.url), "utf8");
  const labels = [...editor.matchAll(/(?:label|placeholder|emptyPlaceholder|text|description|tooltip): (?:'|")([A-Z][^'"\n]+)(?:'|")/g), ...editor.matchAll(/children: "([A-Z][^"]+)"/g)].map((one) => one[1].trim());
  const names = [...viewer.matchAll(/name: '([A-Z][^']*)',\n\s*group/g), ...viewer.matchAll(/group: '[a-z-]+',\n\s*name: '([A-Z][^']*)'/g)].map((one) => one[1]);
  assert.ok(labels.length > 90 && names.length > 15);
  const NOT_OFFERED = /HTML|iFrame|FRAME|HTTPS|URL is safe|ecurity|ocument|preview container|Additional details/; // parts that a form may not have
  const missing = [...new Set([...labels, ...names])].filter((one) => !(one in FORM_WORDS) && !NOT_OFFERED.test(one));
  assert.deepEqual(missing, []);
});
