// The page where a form is filled in: a task, or the start of a case.
//
// form-js draws the form and checks it while one types; the server derives values (quotas, totals) and has the last
// word, both while one types and when the form is handed in.
import { ConditionChecker, Form, Numberfield } from "@bpmn-io/form-js-viewer";
import { settled } from "./conditions.js";
import { confirmed } from "./dialogs.js";
import { keeping } from "./digits.js";
import { Drafts } from "./drafts.js";
import { errorsOfFilled, showErrors } from "./field_errors.js";
import { mergeAnswer } from "./merge.js";
import { Papers } from "./papers.js";
import { postForm, postJson } from "./requests.js";
import { markWarnings, withVisibleWarnings } from "./warnings.js";
import { translateModule, translatePlaceholders } from "./zh.js";

const CHECK_AFTER_MS = 450;

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

const papers = form && page.filesUrl ? new Papers(form.get("fileRegistry"), page.filesUrl) : null;

let sending = false;

/** What stands in the form now. Disabled fields are the server's and stay out. */
const formData = () => (form ? form._getSubmitData() : {});
/** What a draft keeps: the form and the opinion. */
const draftData = () => structuredClone({ ...formData(), ...(opinion?.value ? { opinion: opinion.value } : {}) });

async function start() {
  if (form) {
    await form.importSchema(withVisibleWarnings(page.schema), { ...page.data, ...page.values });
    mount.removeAttribute("aria-busy");
    translatePlaceholders(mount, page.language);
    markWarnings(mount, page.schema, form._id);
  }
  const drafts = new Drafts({
    url: page.draftUrl,
    collect: draftData,
    state: document.getElementById("save-state"),
    texts: page.texts,
  });
  if (form) liveCheck(drafts);
  opinion?.addEventListener("input", () => drafts.touched());
  document.getElementById("save-draft")?.addEventListener("click", () => drafts.save(true));
  actForm.addEventListener("submit", (event) => {
    event.preventDefault();
    handIn(event.submitter, drafts);
  });
  if (form && Object.keys(page.errors).length) tell(showErrors(form, page.errors));
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
    const wasDirty = drafts.dirty;
    const { ok, body } = await postJson(page.checkUrl, { data: formData() }).catch(() => ({ ok: false }));
    if (!ok || mine !== round || sending) return;
    const data = mergeAnswer(before, body.data, form._getState().data);
    own = true;
    form._setState({ data });
    showLive(body.errors);
    own = false;
    drafts.derived(wasDirty);
  };
  form.on("changed", () => {
    if (own) return;
    drafts.touched();
    clearTimeout(timer);
    timer = setTimeout(check, CHECK_AFTER_MS);
  });
  check();
}

/** Until the first attempt to hand in, only fields that hold something are told off. */
function showLive(errors) {
  const everything = !summary.hidden;
  const lines = showErrors(form, everything ? errors : errorsOfFilled(errors, formData()));
  if (everything) tell(lines, { jump: false });
}

async function handIn(button, drafts) {
  if (sending || !(await mayHandIn(button))) return;
  sending = true;
  mount?.setAttribute("data-busy", "");
  const { ok, status, body } = await send(button).catch(() => ({ ok: false, body: { detail: page.texts.offline } }));
  if (ok && body.location) {
    drafts.leaving = true;
    window.location.assign(body.location);
    return;
  }
  sending = false;
  mount?.removeAttribute("data-busy");
  if (status === 409 && ["Conflict", "PageUsed"].includes(body.code)) return tell([await afterConflict(body, drafts)]);
  if (status === 401) return tell([{ text: page.texts.signIn, focus: () => window.open(page.loginUrl, "_blank", "noopener") }]);
  tell(linesOf(body));
}

/** Files first: the form then names them by what they hold. */
async function send(button) {
  const sent = new FormData(actForm, button);
  const data = formData();
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

/** A return or a refusal needs its reason; what cannot be taken back is asked twice. */
async function mayHandIn(button) {
  const message = document.getElementById("opinion-error");
  const missing = button?.dataset.opinion === "required" && !opinion?.value.trim();
  if (message) message.hidden = !missing;
  opinion?.toggleAttribute("aria-invalid", missing);
  if (missing) {
    opinion.focus();
    return false;
  }
  const dialog = button?.dataset.confirm && document.getElementById(button.dataset.confirm);
  return dialog ? confirmed(dialog) : true;
}

function linesOf(body) {
  const errors = body.errors ?? {};
  const lines = form ? showErrors(form, errors) : Object.values(errors).map((text) => ({ text, focus() {} }));
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
