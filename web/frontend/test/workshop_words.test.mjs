// What a click puts on an element: a word of ours, its values changed or the word added, or the default flow.
import assert from "node:assert/strict";
import test from "node:test";

import { BpmnModdle } from "bpmn-moddle";

import { descriptor } from "../src/workshop/moddle.js";
import { put, say } from "../src/workshop/words.js";

const WORDS = [{ tag: "decision", on: ["businessRuleTask"], label: "决策", attributes: [{ name: "ref", label: "表" }, { name: "result", label: "结果" }] }];
const XML = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:gw="urn:gangwei:bpmn:1" id="d" targetNamespace="t">
  <bpmn:process id="p"><bpmn:exclusiveGateway id="choice" /><bpmn:endEvent id="end" /><bpmn:sequenceFlow id="flow" sourceRef="choice" targetRef="end" />
    <bpmn:businessRuleTask id="decide"><bpmn:extensionElements><gw:decision ref="grad" result="graded" /></bpmn:extensionElements></bpmn:businessRuleTask>
  </bpmn:process></bpmn:definitions>`;

/** As much of a modeler as changes a diagram: `undo` takes the last change back. */
async function opened() {
  const moddle = new BpmnModdle({ gw: descriptor(WORDS) });
  const { rootElement, elementsById } = await moddle.fromXML(XML);
  const done = [];
  const parts = {
    canvas: { getRootElement: () => ({ businessObject: elementsById.p }) },
    elementRegistry: { get: (id) => elementsById[id] && { id, businessObject: elementsById[id] } },
    bpmnFactory: { create: (type, values) => moddle.create(type, values) },
    modeling: {
      updateModdleProperties(_, object, properties) {
        done.push([object, Object.fromEntries(Object.keys(properties).map((name) => [name, object.get(name)]))]);
        Object.assign(object, properties);
      },
    },
  };
  const modeler = { get: (name) => parts[name], getDefinitions: () => rootElement };
  return { modeler, text: async () => (await moddle.toXML(rootElement)).xml, done };
}

test("a misspelt name becomes the one that there is, and all else of the word stays; it is one change", async () => {
  const { modeler, text, done } = await opened();
  assert.ok(put(modeler, WORDS, { element: "decide", tag: "decision", values: { ref: "grade" } }));
  assert.match(await text(), /<gw:decision ref="grade" result="graded" \/>/);
  assert.equal(done.length, 1);
  assert.equal(say(WORDS, { tag: "decision", values: { ref: "grade" } }), "决策 · 表 grade");
});

test("a flow becomes the default one of its gateway; it is one change", async () => {
  const { modeler, text, done } = await opened();
  assert.ok(put(modeler, WORDS, { element: "choice", tag: "default", values: { flow: "flow" } }));
  assert.match(await text(), /<bpmn:exclusiveGateway id="choice" default="flow" \/>/);
  assert.equal(done.length, 1);
});
