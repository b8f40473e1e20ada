// The logic of sheets: what is pasted, typed, undone, saved and told of others. Run by `node --test` (npm test).
import assert from "node:assert/strict";
import { test } from "node:test";
import { cellsOf, textOf } from "../src/grid/clipboard.js";
import { columnsOf, day, normalised } from "../src/grid/columns.js";
import { Model } from "../src/grid/model.js";
import { copied, onto, pasted } from "../src/grid/paste.js";
import { Selection } from "../src/grid/selection.js";
import { Sync } from "../src/grid/sync.js";

const WORDS = { yes: "是", no: "否" };
const KINDS = [{ value: "full", label: "全职" }, { value: "part", label: "兼职" }];
const COLUMNS = columnsOf({ components: [
  { type: "textfield", id: "c", key: "code", label: "编号", readonly: true, properties: { identifies: "true" } },
  { type: "textfield", id: "w", key: "who", label: "姓名" },
  { type: "radio", id: "k", key: "kind", label: "形式", values: KINDS },
  { type: "number", id: "p", key: "pay", label: "工资" },
  { type: "number", id: "n", key: "card", label: "卡号", serializeToString: true },
  { type: "datetime", id: "s", key: "since", subtype: "date", dateLabel: "日期" },
  { type: "checkbox", id: "m", key: "member", label: "会员" },
  { type: "text", id: "t", text: "不是列" },
] });
const [CODE, WHO, KIND, PAY, CARD, SINCE, MEMBER] = COLUMNS;
const judge = {
  readonly: (row, column) => column.fixed,
  options: (row, column) => (column === KIND ? KINDS : []),
  shown: (row, column) => column.shown(row.data[column.key], column === KIND ? KINDS : [], WORDS),
};
const three = () => [{ code: "A1", who: "甲" }, { code: "A2", who: "乙" }, { code: "A3", who: "丙" }];
const sheet = (more = {}) => new Model({ columns: COLUMNS, rows: three(), ...more });
const whole = (model, more = {}) => ({ rows: model.rows.map(({ id }) => id), columns: COLUMNS, top: 0, left: 1, high: 1, wide: 1, ...more });

test("cells of Excel come apart, with tabs, lines and quotation marks inside", () => {
  assert.deepEqual(cellsOf('a\tb\r\n"1\t2\n3"\t"""x"""\r\n'), [["a", "b"], ["1\t2\n3", '"x"']]);
  assert.deepEqual(cellsOf('"a" b\tc'), [['"a" b', "c"]]);
  assert.deepEqual(cellsOf("a\t\n\t"), [["a", ""], ["", ""]]);
});

test("what is copied is pasted as the same", () => {
  const lines = [['a\t"b"', "c\nd"], ["", "é"]];
  assert.deepEqual(cellsOf(textOf(lines)), lines);
});

test("only what holds a value is a column", () => {
  assert.deepEqual(COLUMNS.map(({ heading }) => heading), ["编号", "姓名", "形式", "工资", "卡号", "日期", "会员"]);
});

test("a number is read in full width and with thousands, and keeps every digit", () => {
  const read = (text) => PAY.parsed(text, []).value;
  assert.deepEqual(["１２．５", "1,234,567.80", "", "-3"].map(read), [12.5, 1234567.8, null, -3]);
  assert.equal(read("1234567890123456789012345678901.234"), "1234567890123456789012345678901.234");
  assert.equal(CARD.parsed("0062220212345678", []).value, "0062220212345678");
  assert.deepEqual(PAY.parsed("1,23", []), { value: "1,23", wrong: "notNumber" });
  assert.equal(PAY.wrong("abc", []), "notNumber");
  assert.equal(PAY.wrong("12345678901234567.8", []), "");
});

test("a day is read as people write it, and no day that there is not", () => {
  const texts = ["2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日", "20260301"];
  assert.deepEqual(texts.map(day), texts.map(() => "2026-03-01"));
  assert.deepEqual(["2026-02-29", "2026-13-01", "3月1日", "1"].map(day), [null, null, null, null]);
  assert.deepEqual(SINCE.parsed("明天", []), { value: "明天", wrong: "notDate" });
});

test("a choice is read by what is shown or what is kept, a box by yes and no", () => {
  assert.deepEqual(["全职", "part", " 兼职 "].map((text) => KIND.parsed(text, KINDS).value), ["full", "part", "part"]);
  assert.deepEqual(KIND.parsed("临时", KINDS), { value: "临时", wrong: "notOffered" });
  assert.deepEqual(["是", "√", "no", ""].map((text) => MEMBER.parsed(text, []).value), [true, true, false, false]);
  assert.deepEqual(normalised(["a", 3, "", null, { value: 1, label: "一" }, { label: "无" }]), [
    { value: "a", label: "a" }, { value: 3, label: "3" }, { value: 1, label: "一" },
  ]);
});

test("a block is pasted from the first cell on; what nobody may fill in is left and told", () => {
  const model = sheet();
  const found = pasted("甲二\t全职\t1,000\n乙二\t兼职\tx", whole(model), model, judge);
  model.set(found.edits);
  assert.deepEqual(model.data().map(({ who, kind, pay }) => [who, kind, pay]), [["甲二", "full", 1000], ["乙二", "part", "x"], ["丙", undefined, undefined]]);
  assert.equal(pasted("B1\nA2", whole(model, { left: 0 }), model, judge).refused, 1);
});

test("what a pasted cell opens in its row is pasted too, on either side of it", () => {
  const model = sheet();
  const opens = { ...judge, readonly: (row, column) => column.fixed || ((column === WHO || column === PAY) && row.data.kind !== "part") };
  const found = pasted("甲二\t兼职\t5\n乙二\t全职\t6", whole(model), model, opens);
  model.set(found.edits);
  assert.deepEqual(model.data().map(({ who, pay }) => [who, pay]), [["甲二", 5], ["乙", undefined], ["丙", undefined]]);
  assert.equal(found.refused, 2);
});

test("one cell fills all that is selected", () => {
  const model = sheet();
  model.set(pasted("同", whole(model, { high: 3 }), model, judge).edits);
  assert.deepEqual(model.data().map(({ who }) => who), ["同", "同", "同"]);
});

test("rows that are missing are told, and added where rows may be", () => {
  const model = sheet({ grows: true, most: 4 });
  const found = pasted("a\nb\nc\nd\ne", whole(model), model, judge);
  assert.deepEqual(found.missing, [["d"], ["e"]]);
  const added = model.add(found.missing.length);
  assert.equal(added.length, 1);
  onto(found, model.byId(added[0]), found.missing[0], whole(model), judge);
  model.set(found.edits);
  assert.deepEqual(model.data().map(({ who }) => who), ["a", "b", "c", "d"]);
});

test("cells are copied as they are read", () => {
  const model = sheet();
  model.set([{ id: "s:0", key: "kind", value: "full" }, { id: "s:0", key: "member", value: true }].map((one) => ({ ...one, id: model.rows[0].id })));
  assert.equal(copied([model.rows[0]], [CODE, KIND, PAY, MEMBER], judge), "A1\t全职\t\t是");
});

test("what was done together is undone together, and done again", () => {
  const model = sheet({ grows: true });
  model.together(() => {
    const [id] = model.add(1);
    model.set([{ id, key: "who", value: "丁" }, { id: model.rows[0].id, key: "who", value: "新" }]);
  });
  const after = structuredClone(model.data());
  model.undo();
  assert.deepEqual(model.data().map(({ who }) => who), ["甲", "乙", "丙"]);
  model.redo();
  assert.deepEqual(model.data(), after);
  model.remove([model.rows[1].id]);
  assert.equal(model.rows.length, 3);
  model.undo();
  assert.deepEqual(model.data(), after);
});

test("a row goes where it was put, and keeps its place for others", () => {
  const model = sheet({ grows: true });
  model.add(2, model.rows[1].id);
  const places = model.rows.map(({ place }) => place);
  assert.deepEqual(places, [...places].sort((one, other) => one - other));
  assert.equal(new Set(places).size, 5);
});

test("only rows that have changed are saved, with the version that was seen", () => {
  const model = sheet({ grows: true, saved: [{ id: "s:1", version: 4, place: 1, data: { who: "乙二" } }] });
  assert.deepEqual(model.unsaved(), []);
  model.set([{ id: "s:1", key: "who", value: "乙三" }]);
  model.remove(["s:2"]);
  assert.deepEqual(model.unsaved().map(({ id, version, data }) => [id, version, data?.who]), [["s:1", 4, "乙三"], ["s:2", 0, undefined]]);
});

test("rows that nobody can add are known by what identifies them", () => {
  assert.deepEqual(sheet().rows.map(({ id }) => id), ['k:["A1"]', 'k:["A2"]', 'k:["A3"]']);
});

test("what another person saved is taken over where nothing was typed, cell by cell", () => {
  const model = sheet({ grows: true });
  model.set([{ id: "s:0", key: "pay", value: 10 }]);
  assert.equal(model.arrived({ id: "s:0", version: 1, place: 0, data: { who: "别人", kind: null, pay: null } }), "taken");
  assert.deepEqual([model.rows[0].data.who, model.rows[0].data.pay, model.rows[0].version], ["别人", 10, 1]);
  assert.deepEqual(model.unsaved().map(({ id, version }) => [id, version]), [["s:0", 1]]);
});

test("two who change the same cell both see both, until one is chosen", () => {
  const other = { id: "s:0", version: 1, place: 0, data: { who: "别人" }, by: "李四" };
  for (const [mine, who] of [[true, "我"], [false, "别人"]]) {
    const model = sheet({ grows: true });
    model.set([{ id: "s:0", key: "who", value: "我" }]);
    assert.equal(model.arrived(other), "conflict");
    assert.equal(model.rows[0].data.who, "我");
    assert.equal(model.rows[0].conflict.data.who, "别人");
    assert.deepEqual(model.unsaved(), []); // nothing is written over before one is chosen
    model.settle("s:0", mine);
    assert.equal(model.rows[0].data.who, who);
    assert.deepEqual(model.unsaved().map(({ version }) => version), mine ? [1] : []);
  }
});

test("the same change by two is no conflict", () => {
  const model = sheet({ grows: true });
  model.set([{ id: "s:0", key: "who", value: "同" }]);
  assert.equal(model.arrived({ id: "s:0", version: 1, place: 0, data: { who: "同" } }), "taken");
  assert.deepEqual(model.unsaved(), []);
});

test("a row that another one takes away goes, unless something was typed in it", () => {
  const model = sheet({ grows: true });
  model.set([{ id: "s:1", key: "who", value: "我" }]);
  assert.equal(model.arrived({ id: "s:0", version: 1, place: 0, data: null }), "taken");
  assert.equal(model.arrived({ id: "s:1", version: 1, place: 1, data: null, by: "李四" }), "conflict");
  assert.deepEqual(model.data().map(({ who }) => who), ["我", "丙"]);
  model.settle("s:1", true);
  assert.deepEqual(model.unsaved().map(({ id, version }) => [id, version]), [["s:1", 1]]);
});

test("a new row of another one stands where he put it", () => {
  const model = sheet({ grows: true });
  model.arrived({ id: "n:x", version: 1, place: 0.5, data: { who: "新", pay: "12.5" } });
  assert.deepEqual(model.data().map(({ who }) => who), ["甲", "新", "乙", "丙"]);
  assert.equal(model.rows[1].data.pay, 12.5);
  assert.deepEqual(model.unsaved(), []);
});

test("what the server works out is taken over, what was typed meanwhile or cannot be read stays", () => {
  const model = sheet({ grows: true });
  model.set([{ id: "s:0", key: "pay", value: "abc" }, { id: "s:1", key: "who", value: "ＡＢ" }]);
  const sent = structuredClone(model.data());
  model.set([{ id: "s:2", key: "who", value: "后来" }]);
  const answered = sent.map((row) => ({ ...row, year: 1 }));
  answered[0].pay = null;
  answered[1].who = "AB";
  answered[2].who = "丙";
  model.take(sent, answered);
  assert.deepEqual(model.data().map(({ who, pay, year }) => [who, pay, year]), [["甲", "abc", 1], ["AB", undefined, 1], ["后来", undefined, 1]]);
});

test("rows are saved and others' rows are heard of in one exchange", async () => {
  const model = sheet({ grows: true });
  model.set([{ id: "s:0", key: "who", value: "我" }]);
  const asked = [];
  const told = [];
  const post = async (url, body) => {
    asked.push(structuredClone(body));
    const own = body.changes.map((row) => ({ ...row, version: row.version + 1, by: "我" }));
    return { ok: true, body: { rows: [...own, { id: "s:1", version: 1, place: 1, data: { who: "别人" }, by: "李四" }] } };
  };
  const sync = new Sync({ url: null, model, told: (news) => told.push(news), post });
  sync.url = "/rows";
  assert.deepEqual(await sync.exchange(), { ok: true, others: 1 });
  assert.equal(sync.dirty, false);
  assert.deepEqual(told, [{ people: ["李四"], rows: 1, ids: ["s:1"] }]);
  await sync.exchange();
  assert.deepEqual(asked[1], { changes: [], known: { "s:0": 1, "s:1": 1 } });
});

test("what could not be saved stays to be saved", async () => {
  const model = sheet({ grows: true });
  model.set([{ id: "s:0", key: "who", value: "我" }]);
  const sync = new Sync({ url: null, model, told: () => {}, post: async () => { throw new Error("offline"); } });
  sync.url = "/rows";
  assert.equal((await sync.exchange()).ok, false);
  assert.equal(sync.dirty, true);
});

test("the cursor moves, extends, steps to the next row and stops at the edges", () => {
  const selection = new Selection(() => ["a", "b"], () => ["x", "y", "z"]);
  selection.move(0, 0);
  assert.deepEqual(selection.cursor, { id: "a", key: "x" });
  selection.move(1, 1, true);
  assert.deepEqual(selection.area(), { top: 0, left: 0, rows: ["a", "b"], keys: ["x", "y"] });
  selection.place({ id: "a", key: "z" });
  assert.equal(selection.step(1), true);
  assert.deepEqual(selection.cursor, { id: "b", key: "x" });
  selection.place({ id: "b", key: "z" });
  assert.equal(selection.step(1), false);
  assert.equal(selection.move(5, 5), false);
});

test("what is only read gives way so that what is to be filled in stays in sight", async () => {
  await import("./dom.mjs");
  const { fitted } = await import("../src/grid/drawing.js");
  const columns = columnsOf({ components: [
    { type: "textfield", id: "a", key: "a", label: "编号", readonly: true, properties: { identifies: "true" } },
    { type: "textarea", id: "b", key: "b", label: "方案", readonly: true },
    { type: "number", id: "c", key: "c", label: "得分" },
  ] });
  assert.deepEqual(fitted(columns, [132, 220, 112], 500), [132, 220, 112]); // there is room
  assert.deepEqual(fitted(columns, [132, 220, 112], 400), [132, 156, 112]); // 64 are missing
  assert.deepEqual(fitted(columns, [132, 220, 112], 200), [132, 84, 112]); // no narrower than can be read
  assert.deepEqual(fitted(columns, [132, 220, 112], 0), [132, 220, 112]); // nobody knows yet how wide the page is
  assert.deepEqual(fitted(columns.slice(0, 2), [132, 220], 300), [132, 220]); // nothing is to be filled in
});

test("rows that were not taken say by what, so that the page can ask to sign in again", async () => {
  const post = async () => ({ ok: false, status: 401, body: { detail: "请先登录。" } });
  const sync = new Sync({ url: null, model: sheet(), told: () => {}, post });
  sync.url = "/rows";
  assert.deepEqual(await sync.exchange(), { ok: false, others: 0, status: 401, detail: "请先登录。" });
});
