// What a browser answers: form-js and feelin as the pages load them, asked by the tests of the server.
//
// Reads a list of questions from the standard input and writes the list of answers:
//   {condition, data}     whether form-js takes a condition for met
//   {expression, data}    the value of an expression, dates as ISO texts; {error} when it cannot be read
//   {schema, data}        the data without what is hidden; with `stock`, as form-js by itself has it
//   {field, value, data}  whether form-js finds a fault in a value of a field
//   {pattern, texts}      which of the texts match
//   {outcome, schema, data}  the paths of what the data lacks that an outcome asks for, in order
//   {moment, value}       what a field for dates and times keeps of a value that it is opened with
import "./dom.mjs";
import { evaluate } from "@bpmn-io/feelin";
import { ConditionChecker, Form, sanitizeDateTimePickerValue } from "@bpmn-io/form-js-viewer";
import { settled } from "../src/conditions.js";
import { unfilled } from "../src/required_for.js";

const forms = new Map();
const questions = JSON.parse(await read());
const answers = [];
for (const question of questions) answers.push(await answer(question));
process.stdout.write(JSON.stringify(answers));

async function read() {
  let text = "";
  for await (const part of process.stdin) text += part;
  return text;
}

async function answer(question) {
  try {
    return await told(question);
  } catch (error) {
    return { error: String(error.message) };
  }
}

async function told({ condition, expression, schema, stock, field, value, data, pattern, texts, moment, outcome }) {
  if (moment) return { value: sanitizeDateTimePickerValue({ formField: moment, value }) };
  if (pattern !== undefined) return { value: texts.map((text) => new RegExp(pattern).test(text)) };
  if (expression !== undefined) return { value: plain(evaluate(expression, data).value) };
  const form = await opened(schema ?? { components: field ? [field] : [] });
  if (outcome !== undefined) {
    await form.importSchema({ type: "default", schemaVersion: 19, ...schema }, data);
    const words = { fill: "", choose: "", tick: "", upload: "", row: "" };
    const held = form._getState().data; // nothing is drawn, so that nothing is there to be submitted
    const shown = form.get("conditionChecker").applyConditions(held, held);
    return { value: Object.keys(unfilled(schema, shown, outcome, words)).sort() };
  }
  if (condition !== undefined) return { value: form.get("conditionChecker").check(`=${condition}`, data) === true };
  if (stock) return { value: new ConditionChecker(...parts(form)).applyConditions(data, data) };
  if (schema) return { value: form.get("conditionChecker").applyConditions(data, data) };
  const place = { id: field.id, expressionContextInfo: { data, this: data, parent: null, i: [] } };
  return { value: form.get("validator").validateFieldInstance(place, value).length > 0 };
}

function parts(form) {
  return ConditionChecker.$inject.map((name) => form.get(name));
}

async function opened({ components }) {
  const key = JSON.stringify(components);
  if (!forms.has(key)) {
    const modules = [{ renderer: ["value", {}] }, { conditionChecker: ["type", settled(ConditionChecker)] }];
    const form = new Form({ additionalModules: modules });
    await form.importSchema({ type: "default", schemaVersion: 19, components });
    forms.clear();
    forms.set(key, form);
  }
  return forms.get(key);
}

/** A value as JSON: a number that is none, a function and a range have no JSON. */
function plain(value) {
  if (value === undefined || typeof value === "function") return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : { unlike: String(value) };
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === "object") {
    if (typeof value.toISO === "function") return value.toISO();
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
  }
  return value;
}
