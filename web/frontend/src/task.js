// The page where a form is filled in: a task, or the start of a case.
//
// form-js draws the form and checks it while one types; the server derives values (quotas, totals) and has the last
// word, both while one types and when the form is handed in.
import { ConditionChecker, Form, Numberfield } from "@bpmn-io/form-js-viewer";
import { Busy } from "./busy.js";
import { settled } from "./conditions.js";
import { keeping } from "./digits.js";
import { Drafts } from "./drafts.js";
import { errorsOfFilled, showErrors } from "./field_errors.js";
import { narrowed, tolerant } from "./letters.js";
import { mergeAnswer } from "./merge.js";
import { OwnDraft } from "./own_draft.js";
import { Papers } from "./papers.js";
import { setUpPhrases } from "./phrases.js";
import { readOnlyAsText } from "./readonly.js";
import { bound } from "./ready.js";
import { AGAIN_MS, askJson, postForm, postJson } from "./requests.js";
import { unfilled, withOutcomes } from "./required_for.js";
import { inLines, markAlike } from "./rows.js";
import { setUpDraftDownloads } from "./draft_papers.js";
import { setUpOutcomeKeys, Sheet } from "./sheet.js";
import { markWarnings, withVisibleWarnings } from "./warnings.js";
import { speakInCalendars, translateModule, translatePlaceholders } from "./zh.js";

const CHECK_AFTER_MS = 450;
const BESIDE = new Set(["opinion", "return_to"]); // what the sheet asks

const page = JSON.parse(document.getElementById("form-page").textContent);
const actForm = document.getElementById("act-form");
const summary = document.getElementById("form-errors");
const mount = document.getElementById("form-mount");
const opinion = actForm.elements.namedItem("opinion");
// Without form-js's delay of 300 ms: an answer of the server that came within it would wipe out what was just typed.
const modules = [translateModule(page.language), { conditionChecker: ["type", settled(ConditionChecker)] }];
const options = { container: mount, debounce: false, additionalModules: modules };
Numberfield.config.sanitizeValue = keeping(Numberfield.config.sanitizeValue);
const form = mount && page.schema ? new Form(options) : null;
if (form) {
  tolerant(form.get("validator"));
  mount.addEventListener("input", narrowed, { capture: true });
}

const papers = form && (page.filesUrl || page.ownDraft) ? new Papers(form.get("fileRegistry"), page.filesUrl) : null;
const ownDraft = page.ownDraft ? new OwnDraft(page.ownDraft, page.texts) : null;

const busy = new Busy(actForm.closest(".act-bar"), mount, page.texts.sending);
let sheet = null;
let sheets = null; // the lists of the form that are filled in as sheets
let tried = ""; // the outcome that was pressed last
let standing = []; // why it was not taken, where no field can say so: told until it is tried again

/** What stands in the form now. Disabled fields are the server's and stay out. */
const formData = () => (form ? withSheets(form._getSubmitData()) : {});
const withSheets = (data) => (sheets ? sheets.data(data) : data);
/** What a draft keeps: the form without its sheets, and the opinion. */
const draftData = () => {
  const data = form ? form._getSubmitData() : {};
  return structuredClone({ ...(sheets ? sheets.without(data) : data), ...(opinion?.value ? { opinion: opinion.value } : {}) });
};

async function start() {
  if (form) {
    speakInCalendars(page.language);
    if (page.sheets) sheets = await (await import("./grid/sheets.js")).Sheets.of(form, page, modules);
    const marked = withOutcomes(sheets ? sheets.schema(page.schema) : page.schema, outcomeNames(), page.texts.asked);
    const schema = withVisibleWarnings(inLines(marked));
    await form.importSchema(schema, withSheets({ ...page.data, ...page.values, ...ownDraft?.read() }));
    mount.removeAttribute("aria-busy");
    translatePlaceholders(mount, page.language);
    readOnlyAsText(mount, form);
    markAlike(mount, form);
    markWarnings(mount, page.schema, form);
  }
  const drafts = new Drafts({
    url: page.draftUrl,
    own: ownDraft,
    collect: draftData,
    state: document.getElementById("save-state"),
    texts: page.texts,
    sheets,
  });
  if (form) liveCheck(drafts);
  sheet = new Sheet(document.getElementById("sheet"), { closed: () => drafts.save() });
  setUpOutcomeKeys(actForm);
  setUpPhrases();
  if (page.previewUrl) setUpDraftDownloads(actForm, draftsPage);
  opinion?.addEventListener("input", () => drafts.touched());
  document.getElementById("save-draft")?.addEventListener("click", () => drafts.save(true));
  actForm.addEventListener("submit", (event) => {
    event.preventDefault();
    handIn(event.submitter, drafts);
  });
  if (form && Object.keys(page.errors).length) tell(shown(page.errors, { everything: true }));
  for (const button of actForm.querySelectorAll("button[disabled]")) button.disabled = false; // what is pressed is heard now
  bound();
}

/** Puts errors at the fields and in the cells of sheets; their lines for the list on top. */
function shown(errors, { notes, ids, everything = !summary.hidden} = {}) {
  sheets?.tell(errors, notes, ids, everything);
  return showErrors(form, errors, sheets);
}

/** Asks the server shortly after each change what follows from it. */
function liveCheck(drafts) {
  let timer = 0;
  let round = 0;
  let own = false; // true while we write derived values ourselves: that is no change of the person's
  const check = async () => {
    const mine = ++round;
    // All that the form holds, also what has no field (derived values that conditions look at).
    const before = structuredClone(form._getState().data);
    const wasDirty = drafts.typed;
    const ids = sheets?.ids();
    const { ok, status, body } = await postJson(page.checkUrl, { data: formData() }).catch(() => ({ ok: false }));
    // What was not answered because others came first is asked again: the form would show what no longer follows.
    if (status === 503 && mine === round) timer = setTimeout(check, AGAIN_MS);
    if (!ok || mine !== round || busy.now) return;
    const merged = mergeAnswer(before, body.data, form._getState().data);
    const data = sheets ? sheets.take(before, body.data, merged) : merged;
    own = true;
    form._setState({ data });
    showLive(body.errors, { notes: body.notes, ids });
    own = false;
    drafts.derived(wasDirty);
  };
  form.on("changed", () => {
    sheets?.around(form._getState().data);
    if (own) return;
    drafts.touched();
    clearTimeout(timer);
    timer = setTimeout(check, CHECK_AFTER_MS);
  });
  check();
}

/** Until the first attempt to hand in, only fields that hold something are told off. */
function showLive(errors, beside) {
  const everything = !summary.hidden;
  const lines = shown(everything ? { ...lacking(), ...errors } : errorsOfFilled(errors, formData()), { ...beside, everything });
  if (everything) tell([...standing, ...lines], { jump: false });
}

/** The papers first, then the sheet, where the outcome wants them; a button of the sheet stands for that of the bar. */
async function handIn(button, drafts) {
  if (busy.now || !(await rowsAreKept())) return;
  const outcome = actForm.querySelector(`.act-buttons [name=outcome][value="${CSS.escape(button?.value ?? "")}"]`) ?? button;
  tried = outcome?.value ?? "";
  const lacks = lacking();
  if (Object.keys(lacks).length) return say(linesOf({ errors: lacks }), true);
  const hasRead = sheet.isOpenFor(outcome) && sheet.read === readNow(outcome);
  if (page.previewUrl && !hasRead) return preview(outcome, drafts);
  if (sheet.wanted(button)) return sheet.open(button);
  return send(button, drafts);
}

/** What the outcome that was tried asks for and the form lacks. */
const lacking = () => (form ? unfilled(page.schema, formData(), tried, page.texts.asked) : {});

/** The outcomes of the task by their names: "sign" -> "签署". */
function outcomeNames() {
  const buttons = [...actForm.querySelectorAll(".act-buttons [name=outcome]")];
  return Object.fromEntries(buttons.map((one) => [one.value, one.querySelector(".act-name").textContent.trim()]));
}

/** The session has ended: one signs in beside the page, and hands in what still stands here. */
const signsIn = { text: page.texts.signIn, focus: () => window.open(page.loginUrl, "_blank", "noopener") };

/** Saves the rows of sheets before: what others have changed meanwhile is looked at first. */
async function rowsAreKept() {
  if (!sheets) return true;
  const { ok, signedOut, others, conflicts, detail } = await sheets.save();
  if (ok && !others && !conflicts.length) return true;
  const { notSaved, othersFirst } = page.sheets.texts;
  const why = signedOut ? signsIn : { text: ok ? othersFirst : (detail ?? notSaved), focus() {} };
  say(conflicts.length ? conflicts : [why]);
  return false;
}

/** What a preview was made from: with other words the paper is another one. */
const readNow = (outcome) => `${outcome?.value} ${opinion?.value.trim() ?? ""}`;

/** Papers that the outcome would make are read before; where there are none, it goes on as without. */
async function preview(outcome, drafts) {
  const read = readNow(outcome);
  const again = sheet.isOpenFor(outcome);
  const asked = { data: formData(), ...besideOf(outcome) }; // before anything is disabled
  busy.begin(page.texts.drafting);
  const { ok, status, body } = await askJson(page.previewUrl, asked).catch(() => ({ ok: false, body: { detail: page.texts.offline } }));
  busy.end();
  if (!ok) return refused(status, body, drafts, outcome);
  if (!body.papers && (again || !sheet.wanted(outcome))) return send(outcome, drafts);
  sheet.open(outcome, body.html);
  sheet.read = read;
  if (again) sheet.tell([page.texts.redrafted]);
}

function besideOf(button) {
  const { outcome, opinion: said, return_to } = Object.fromEntries(new FormData(actForm, button));
  return { outcome, opinion: said, return_to };
}

/** Where a draft comes from as a Word file, and what is sent for it. */
const draftsPage = (number) => [`${page.previewUrl}?paper=${number}`, { data: formData(), ...besideOf(sheet.confirm) }];

async function send(button, drafts) {
  if (!sheet.complete(button)) return;
  sheet.tell([]);
  standing = [];
  const sent = new FormData(actForm, button); // before anything is disabled: a disabled field is not sent
  busy.begin();
  const { ok, status, body } = await sentWith(sent).catch(() => ({ ok: false, body: { detail: page.texts.offline } }));
  if (ok && body.location) {
    drafts.leaving = true;
    ownDraft?.forget();
    window.location.assign(body.location);
    return;
  }
  busy.end();
  refused(status, body, drafts, button);
}

/** Why it was not taken, where it can be answered: in the sheet what is asked there, else on top of the form. */
async function refused(status, body, drafts, button) {
  if (status === 409 && ["Conflict", "PageUsed"].includes(body.code)) return say([await afterConflict(body, drafts)]);
  if (status === 401) return say([signsIn]);
  const lines = linesOf(body);
  const beside = Object.keys(body.errors ?? {});
  if (beside.length && beside.every((path) => BESIDE.has(path))) {
    if (!sheet.dialog?.open) sheet.open(button);
    sheet.tell(lines.map(({ text }) => text));
    return;
  }
  say(lines, beside.length > 0);
}

/** On top of the form; what belongs to a field goes when the field is right, all else stays. */
function say(lines, ofFields = false) {
  standing = ofFields ? [] : lines;
  sheet.close();
  tell(lines);
}

/** Files first: the form then names them by what they hold. */
async function sentWith(sent) {
  const data = formData();
  if (ownDraft) {
    sent.set("data", JSON.stringify(papers ? papers.together(data, sent) : data));
    return postForm(actForm.action, sent);
  }
  const kept = papers ? await papers.kept(data) : { ok: true, data };
  if (!kept.ok) return kept;
  sent.set("data", JSON.stringify(kept.data));
  return postForm(actForm.action, sent);
}

/** The case has moved on meanwhile: what was typed is kept as a draft and the page can be opened again. */
async function afterConflict(body, drafts) {
  await drafts.save(true);
  const reload = () => {
    drafts.leaving = true;
    window.location.reload();
  };
  return { text: `${body.detail} ${page.texts.reload}`, focus: reload };
}

function linesOf(body) {
  const errors = body.errors ?? {};
  const lines = form ? shown(errors, { everything: true }) : Object.values(errors).map((text) => ({ text, focus() {} }));
  return lines.length ? lines : [{ text: body.detail ?? body.title ?? page.texts.failed, focus() {} }];
}

/** The list of everything that is wrong, on top of the form; empty: nothing is. `jump`: take the person there. */
function tell(lines, { jump = true } = {}) {
  const list = summary.querySelector("ul");
  list.replaceChildren(...lines.map(({ text, focus }) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = "#form-mount";
    link.textContent = text;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      focus();
    });
    item.append(link);
    return item;
  }));
  summary.hidden = lines.length === 0;
  if (lines.length && jump) {
    summary.scrollIntoView({ block: "start" });
    summary.focus({ preventScroll: true });
  }
}

start();
