// What is typed in full width is judged as the server judges it, and nothing else is let through.
import assert from "node:assert/strict";
import test from "node:test";
import { narrowed, tolerant } from "../src/letters.js";

test("a code in full width, with blanks or in small letters is no error where its half width fits", () => {
  const validator = { validateFieldInstance: (field, value) => (/^[0-9A-Z]{4}$/.test(value) ? [] : ["wrong"]) };
  tolerant(validator);
  const errors = (text) => validator.validateFieldInstance({}, text).length;
  assert.deepEqual(["12AB", "１２ＡＢ", "12ab", " １２ ab"].map(errors), [0, 0, 0, 0]);
  assert.deepEqual(["１２Ａ", "12-B", "", null].map(errors), [1, 1, 1, 1]);
});

test("digits in full width become digits in a field of a number, and while one composes nothing changes", () => {
  const input = (value, number) => ({ value, closest: () => number });
  const typed = (target, isComposing) => {
    narrowed({ target, isComposing });
    return target.value;
  };
  assert.equal(typed(input("１２．５", true)), "12.5");
  assert.equal(typed(input("１２", false)), "１２");
  assert.equal(typed(input("１", true), true), "１");
});
