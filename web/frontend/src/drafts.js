// Keeps what a person has typed: saves the draft by itself, says so, and warns before it would be lost.
import { same } from "./merge.js";
import { postJson } from "./requests.js";

const EVERY_MS = 20_000;

export class Drafts {
  /**
   * @param {{url: ?string, collect: () => object, state: HTMLElement, texts: object}} options
   *   `url` null: this page has nowhere to keep a draft; it only warns. `own`: it stays in this browser. `sheets`: rows that
   *   are saved one by one.
   */
  constructor({ url, own, collect, state, texts, sheets = null }) {
    Object.assign(this, { url, own, collect, state, texts, sheets, leaving: false });
    this.saved = collect();
    if (sheets) sheets.kept = (fresh) => this.rowsKept(fresh);
    if (url || own) setInterval(() => this.save(), EVERY_MS);
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && this.dirty) event.preventDefault();
    });
  }

  get dirty() {
    return this.typed || Boolean(this.sheets?.dirty);
  }

  /** Whether something beside the sheets is unsaved. */
  get typed() {
    return !same(this.saved, this.collect());
  }

  /** Called at every change: says that there is something unsaved. */
  touched() {
    if (this.dirty) this.say(this.texts.unsaved);
  }

  /** What the server derived is no work of the person's: it is taken as saved. */
  derived(wasDirty) {
    if (!wasDirty) this.saved = this.collect();
  }

  /** All rows of the sheets are saved; the first time the draft beside them is, too, so that it is among the drafts. */
  rowsKept(fresh) {
    if (this.url && fresh && !this.listed) {
      this.listed = true;
      postJson(this.url, { data: this.collect() }).catch(() => (this.listed = false));
    }
    const waits = fresh || this.state?.textContent === this.texts.unsaved;
    if (waits && !this.dirty) this.say(this.texts.rowsSaved);
  }

  async save(asked = false) {
    if (!(this.url || this.own) || this.leaving || (!this.dirty && !asked)) return;
    const data = this.collect();
    if (this.own) {
      const { ok, sentence } = this.own.keep(data);
      if (ok) this.saved = data;
      this.say(sentence);
      return;
    }
    this.say(this.texts.saving);
    const [rows, { ok, body }] = await Promise.all([
      this.sheets?.save() ?? { ok: true },
      postJson(this.url, { data }).catch(() => ({ ok: false, body: {} })),
    ]);
    if (ok && rows.ok) {
      this.saved = data;
      this.say(this.texts.saved.replace("{time}", body.saved_at ?? ""));
    } else this.say(rows.detail ?? body.detail ?? this.texts.notSaved);
  }

  say(sentence) {
    if (this.state) this.state.textContent = sentence;
  }
}
