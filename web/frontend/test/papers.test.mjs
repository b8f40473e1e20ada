import assert from "node:assert/strict";
import { test } from "node:test";
import { Papers } from "../src/papers.js";

const registry = (files) => ({ hasKey: (key) => key in files, getFiles: (key) => files[key] ?? [] });
const server = (sent) => async (url, form) => {
  const { name } = form.get("file");
  sent.push(name);
  return { ok: true, body: { digests: [`digest of ${name}`] } };
};

test("chosen files are sent once, and the form names them by their digests", async () => {
  const sent = [];
  const [one, two] = ["one.pdf", "two.pdf"].map((name) => new File(["%PDF-"], name));
  const papers = new Papers(registry({ "files::1": [one], "files::2": [one, two] }), "/files", server(sent));
  const data = { paper: "files::1", more: "files::2", rows: [{ proof: "files::1" }], words: "files::9" };
  const wanted = {
    paper: "digest of one.pdf",
    more: ["digest of one.pdf", "digest of two.pdf"],
    rows: [{ proof: "digest of one.pdf" }],
    words: "files::9",
  };
  assert.deepEqual(await papers.kept(data), { ok: true, data: wanted });
  assert.deepEqual(await papers.kept(data), { ok: true, data: wanted });
  assert.deepEqual(sent, ["one.pdf", "two.pdf"]);
  assert.equal(data.paper, "files::1");
});

test("a file that is not taken stops the form with the server's words", async () => {
  const refused = { ok: false, status: 422, body: { detail: "内容与“.pdf”类型不符" } };
  const file = new File(["x"], "x.pdf");
  const papers = new Papers(registry({ "files::1": [file] }), "/files", async () => refused);
  assert.deepEqual(await papers.kept({ paper: "files::1" }), refused);
});
