// The workshop: saving at most two seconds behind and over nothing of others, our words kept in the diagram, only what
// runs is offered, and in Chinese.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";

import { BpmnModdle } from "bpmn-moddle";

import { chinese } from "../src/workshop/chinese.js";
import { descriptor } from "../src/workshop/moddle.js";
import { offeredAsReplacement, offeredInPalette } from "../src/workshop/offering.js";
import { saver } from "../src/workshop/saving.js";

/** A clock that a test moves. */
function clock() {
  let now = 0;
  let next = null;
  return {
    performance: { now: () => now },
    setTimeout: (act, after) => ((next = { act, at: now + after }), next),
    clearTimeout: () => (next = null),
    async move(ms) {
      now += ms;
      if (next && next.at <= now) {
        const { act } = next;
        next = null;
        await act();
      }
    },
  };
}

function saving(answers) {
  const sent = [];
  const states = [];
  const time = clock();
  const post = async (body) => {
    sent.push(body);
    const answer = answers.shift();
    if (answer === "away") throw new Error("away");
    return answer;
  };
  const one = saver({ session: "s", revision: 3, post, read: async () => ({ "process.bpmn": "<x/>" }), told: (state) => states.push(state), clock: time });
  return { one, sent, states, time };
}

const ok = (revision) => ({ ok: true, status: 200, body: { revision, saved_at: "10:00" } });

test("what is drawn without a pause is saved within two seconds all the same", async () => {
  const { one, sent, time } = saving([ok(4)]);
  for (let passed = 0; passed <= 1500; passed += 300) {
    one.changed();
    await time.move(300);
  }
  assert.equal(sent.length, 1);
  assert.deepEqual([sent[0].revision, sent[0].session], [3, "s"]);
});

test("the next save goes over the revision that the last one made", async () => {
  const { one, sent, states, time } = saving([ok(4), ok(5)]);
  one.changed();
  await time.move(2000);
  one.changed();
  await time.move(2000);
  assert.deepEqual(sent.map((body) => body.revision), [3, 4]);
  assert.equal(states.at(-1), "saved");
});

test("when nobody answers the change stays and is sent again", async () => {
  const { one, sent, states, time } = saving(["away", ok(4)]);
  one.changed();
  await time.move(2000);
  assert.equal(states.at(-1), "offline");
  assert.ok(one.isBehind());
  await time.move(3000);
  assert.equal(sent.length, 2);
  assert.ok(!one.isBehind());
});

test("a page that was taken over saves nothing any longer", async () => {
  const { one, sent, states, time } = saving([{ ok: false, status: 409, body: { detail: "" } }]);
  one.changed();
  await time.move(2000);
  one.changed();
  await time.move(9000);
  assert.equal(sent.length, 1);
  assert.equal(states.at(-1), "lost");
});

const WORDS = [
  { tag: "deadline", on: ["userTask"], attributes: [{ name: "workingDays" }, { name: "warnDays" }] },
  { tag: "remind", on: ["deadline"], attributes: [{ name: "role" }] },
  { tag: "show", on: ["show"], attributes: [{ name: "name" }] },
];
const XML = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:gw="urn:gangwei:bpmn:1" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <bpmn:process id="p"><bpmn:userTask id="a" name="甲" gw:nameEn="A" zeebe:x="1"><bpmn:extensionElements>
    <gw:deadline workingDays="=10" warnDays="2" unheard="of"><gw:remind role="leader" /></gw:deadline><zeebe:thing y="2" />
  </bpmn:extensionElements></bpmn:userTask></bpmn:process></bpmn:definitions>`;

test("our words are read as what they are, and nothing of a diagram is lost", async () => {
  const moddle = new BpmnModdle({ gw: descriptor(WORDS) });
  const { rootElement } = await moddle.fromXML(XML);
  const task = rootElement.rootElements[0].flowElements[0];
  const [deadline] = task.extensionElements.values;
  assert.equal(task.get("gw:nameEn"), "A");
  assert.equal(deadline.get("workingDays"), "=10");
  assert.equal(deadline.get("reminds")[0].get("role"), "leader");
  deadline.set("warnDays", "3");
  const { xml } = await moddle.toXML(rootElement);
  for (const kept of ['gw:nameEn="A"', 'zeebe:x="1"', 'unheard="of"', '<gw:remind role="leader"', 'zeebe:thing y="2"', 'warnDays="3"']) {
    assert.ok(xml.includes(kept), kept);
  }
});

test("only what the engine runs is offered", () => {
  const offered = offeredInPalette({ "create.task": {}, "create.data-object": {}, "create.gateway": {} }, () => {}, (word) => word);
  assert.deepEqual(Object.keys(offered).slice(0, 2), ["create.gateway", "create.user-task"]);
  assert.deepEqual(Object.keys(offeredAsReplacement({ "replace-with-manual-task": {}, "replace-with-user-task": {} })), ["replace-with-user-task"]);
});

test("every word of the palette and of the menus is there in Chinese", async () => {
  const folder = new URL("../node_modules/bpmn-js/lib/features/", import.meta.url);
  const entries = await readFile(new URL("popup-menu/PopupEntries.js", folder), "utf8");
  const pad = await readFile(new URL("context-pad/ContextPadProvider.js", folder), "utf8");
  const palette = await readFile(new URL("palette/PaletteProvider.js", folder), "utf8");
  const said = [
    ...[...entries.matchAll(/label: '([^']+)'/g)].map((found) => found[1]),
    ...[...(pad + palette).matchAll(/translate\(\s*'([^']+)'/g)].map((found) => found[1]),
  ];
  const NOT_OFFERED = new Set(["Task", "Manual task", "Data store reference", "Data object reference", "Create data object reference", "Create data store reference", "Create group"]);
  assert.ok(said.length > 80);
  const english = said.filter((word) => !NOT_OFFERED.has(word) && /[A-Za-z]{2}/.test(chinese(word)));
  assert.deepEqual(english, []);
});
