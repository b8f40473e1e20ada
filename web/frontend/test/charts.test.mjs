// What of the table of a chart is drawn.
import assert from "node:assert/strict";
import test from "node:test";
import { read, says } from "../src/chart_table.js";

const cell = (value, words, address) => ({
  dataset: { value }, textContent: ` ${words} `, querySelector: () => ({ getAttribute: () => address }),
});
const row = (label, cells) => ({ querySelector: () => ({ textContent: ` ${label} ` }), querySelectorAll: () => cells });
const table = (heads, rows) => ({ querySelectorAll: (which) => (which.startsWith("thead") ? heads : rows) });
const heads = [{ textContent: "Late", dataset: { series: "late" } }, { textContent: "Near", dataset: { series: "near" } }];

test("each series has its cells in the order of the rows, what is written beside what is drawn", () => {
  const chart = read(table(heads, [
    row("A", [cell("1001", "1000+", "/a"), cell("2", "2", "/b"), cell("7", "7", "/c")]),
    row("B", [cell("0", "0", "/d"), cell("0", "0", "/e"), cell("0", "0", "/f")]),
  ]));
  assert.deepEqual(chart.labels, ["A", "B"]);
  assert.deepEqual(chart.series[0], { name: "Late", tone: "late", cells: [
    { value: 1001, words: "1000+", address: "/a" }, { value: 0, words: "0", address: "/d" },
  ] });
  assert.equal(chart.series[1].cells[0].value, 2);
  assert.equal(says(chart), true);
});

test("where all is nothing, nothing is drawn", () => {
  assert.equal(says(read(table(heads, [row("A", [cell("0", "0", "/a"), cell("0", "0", "/b")])]))), false);
});
