// Keeps the rows of a sheet with the server, one by one, and takes over what others have saved. Knows no DOM.
import { postJson } from "../requests.js";

const AFTER_MS = 1500; // of quiet after a change
const EVERY_MS = 15_000;

export class Sync {
  /** `told({people, rows, ids})`: others have saved something; `kept(new)`: all is saved, and whether anything new. `url` null: nothing can be. */
  constructor({ url, model, told, kept = () => {}, post = postJson }) {
    Object.assign(this, { url, model, told, kept, post, timer: 0, running: null, failed: false });
    if (url) setInterval(() => document.visibilityState === "visible" && this.exchange(), EVERY_MS);
  }

  get dirty() {
    return this.model.dirty;
  }

  /** Shortly after a change. */
  soon() {
    clearTimeout(this.timer);
    if (this.url) this.timer = setTimeout(() => this.exchange(), AFTER_MS);
  }

  /** {ok, others}: whether all is kept, and how many rows of others came; else {status, detail}. One request at a time. */
  async exchange() {
    if (!this.url) return { ok: true, others: 0 };
    while (this.running) await this.running;
    this.running = this.#exchange();
    try {
      return await this.running;
    } finally {
      this.running = null;
    }
  }

  async #exchange() {
    const changes = this.model.unsaved();
    const { ok, status, body } = await this.post(this.url, { changes, known: this.model.known() }).catch(() => ({ ok: false, body: {} }));
    this.failed = !ok;
    if (!ok) return { ok: false, others: 0, status, detail: body.detail };
    const sent = new Map(changes.map((row) => [row.id, row]));
    const found = body.rows.map((row) => ({ row, how: this.model.arrived(row, sent.get(row.id)) }));
    const news = found.filter(({ how }) => how !== "same");
    if (news.length) {
      this.told({ people: [...new Set(news.map(({ row }) => row.by))], rows: news.length, ids: news.map(({ row }) => row.id) });
    }
    if (!this.dirty) this.kept(changes.length > 0);
    return { ok: true, others: news.length };
  }
}
