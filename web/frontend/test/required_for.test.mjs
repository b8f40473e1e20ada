// What an outcome asks for is told at its fields and before anything is sent. Run by `node --test`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { unfilled, withOutcomes } from "../src/required_for.js";

const WORDS = {
  mark: "（{outcomes}时必填）", between: "、", row: "第{row}行{what}",
  fill: "请填写“{label}”", choose: "请选择“{label}”", tick: "请勾选“{label}”", upload: "请上传“{label}”",
};
const asked = (type, key, label, more = {}) => ({ type, key, label, properties: { requiredFor: "sign  close" }, ...more });
const FORM = {
  components: [
    asked("textfield", "name", "签字人"),
    asked("checkbox", "read", "已阅读"),
    asked("filepicker", "scan", "扫描件"),
    asked("datetime", "on", undefined, { dateLabel: "日期", subtype: "date" }),
    { type: "textfield", key: "remark", label: "备注" },
    { type: "dynamiclist", path: "people", label: "人员", components: [asked("select", "post", "岗位")] },
  ],
};
const EMPTY = { name: "", read: false, scan: null, on: null, remark: "", people: [{ post: "1" }, { post: null }] };

test("each field says for which outcomes it is asked, and others say nothing", () => {
  const [name, , , on, remark, people] = withOutcomes(FORM, { sign: "签署", close: "办结", back: "退回" }, WORDS).components;
  assert.equal(name.label, "签字人（签署、办结时必填）");
  assert.equal(on.dateLabel, "日期（签署、办结时必填）");
  assert.equal(remark.label, "备注");
  assert.equal(people.components[0].label, "岗位（签署、办结时必填）");
  assert.equal(FORM.components[0].label, "签字人");
});

test("what is lacking is named by what is to be done and by its row", () => {
  assert.deepEqual(unfilled(FORM, EMPTY, "sign", WORDS), {
    name: "请填写“签字人”", read: "请勾选“已阅读”", scan: "请上传“扫描件”", on: "请选择“日期”", "people[1].post": "第2行请选择“岗位”",
  });
});

test("another outcome asks for nothing, and nothing is asked of what is hidden", () => {
  assert.deepEqual(unfilled(FORM, EMPTY, "return", WORDS), {});
  assert.deepEqual(unfilled(FORM, { remark: "", people: [] }, "sign", WORDS), {});
});
