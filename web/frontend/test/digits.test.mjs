// Numbers that JavaScript would round. Run by `node --test` (npm test).
import assert from "node:assert/strict";
import { test } from "node:test";
import { digitsOf, keeping } from "../src/digits.js";

const rounded = ({ value }) => (value === "" || isNaN(Number(value)) ? null : Number(value));
const sanitize = keeping(rounded);

test("only the digits that count are counted", () => {
  for (const [text, count] of [["0", 0], ["-0.00120", 2], ["1000000000000000000000", 1], ["12345678901234567.89", 19], ["+7", 1]]) {
    assert.equal(digitsOf(text), count, text);
  }
});

test("what a number keeps stays a number", () => {
  for (const text of ["5", "-0.1", "123456789012345", "0.000123456789012345", "100000000000000000000"]) {
    assert.equal(sanitize({ value: text }), Number(text));
  }
  assert.equal(sanitize({ value: 7 }), 7);
  assert.equal(sanitize({ value: "" }), null);
  assert.equal(sanitize({ value: "x" }), null);
});

test("what it would round stays the text that was typed", () => {
  for (const text of ["6222021234567890123", "12345678901234567.89", "0.1234567890123456789", "9007199254740993"]) {
    assert.equal(sanitize({ value: text }), text);
  }
});
