// Keeps what a person has typed: saves the draft by itself, says so, and warns before it would be lost.
import { same } from "./merge.js";
import { postJson } from "./requests.js";

const EVERY_MS = 20_000;

export class Drafts {
  /**
   * @param {{url: ?string, collect: () => object, state: HTMLElement, texts: object}} options
   *   `url` null: this page has nowhere to keep a draft; it only warns.
   */
  constructor({ url, collect, state, texts }) {
    Object.assign(this, { url, collect, state, texts, leaving: false });
    this.saved = collect();
    if (url) setInterval(() => this.save(), EVERY_MS);
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && this.dirty) event.preventDefault();
    });
  }

  get dirty() {
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

  async save(asked = false) {
    if (!this.url || this.leaving || (!this.dirty && !asked)) return;
    const data = this.collect();
    this.say(this.texts.saving);
    const { ok, body } = await postJson(this.url, { data }).catch(() => ({ ok: false, body: {} }));
    if (ok) {
      this.saved = data;
      this.say(this.texts.saved.replace("{time}", body.saved_at ?? ""));
    } else this.say(body.detail ?? this.texts.notSaved);
  }

  say(sentence) {
    if (this.state) this.state.textContent = sentence;
  }
}
