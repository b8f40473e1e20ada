// Files chosen in a form: handed to the case before the form, which then names each by the hash of its content.
import { newKey, postForm } from "./requests.js";

export class Papers {
  /** `registry` holds what was chosen, by the keys that stand in the form's data. */
  constructor(registry, url, post = postForm) {
    Object.assign(this, { registry, url, post, digests: new Map(), keys: new Map() });
  }

  /** {ok, data}: the data with every key of chosen files replaced by digests; else the server's refusal. */
  async kept(data) {
    const copy = structuredClone(data);
    for (const [holder, name] of this.#places(copy)) {
      const found = [];
      for (const file of this.registry.getFiles(holder[name])) {
        const answer = await this.#digest(file);
        if (!answer.ok) return answer;
        found.push(answer.digest);
      }
      holder[name] = found.length === 1 ? found[0] : found;
    }
    return { ok: true, data: copy };
  }

  /** A file is sent once, however often the form is refused, and kept once, however often an answer is lost. */
  async #digest(file) {
    if (!this.digests.has(file)) {
      const sent = new FormData();
      sent.append("file", file, file.name);
      if (!this.keys.has(file)) this.keys.set(file, newKey());
      sent.append("idempotency_key", this.keys.get(file));
      const answer = await this.post(this.url, sent);
      if (!answer.ok) return answer;
      this.digests.set(file, answer.body.digests[0]);
    }
    return { ok: true, digest: this.digests.get(file) };
  }

  /** The data and its files in one request: each file as a part of `sent`, whose name stands for it in the data. */
  together(data, sent) {
    const copy = structuredClone(data);
    for (const [holder, name] of this.#places(copy)) {
      const found = this.registry.getFiles(holder[name]).map((file) => {
        const part = `file-${newKey()}`;
        sent.append(part, file, file.name);
        return part;
      });
      holder[name] = found.length === 1 ? found[0] : found;
    }
    return copy;
  }

  #places(value) {
    if (value === null || typeof value !== "object") return [];
    return Object.entries(value).flatMap(([name, one]) =>
      typeof one === "string" && this.registry.hasKey(one) ? [[value, name]] : this.#places(one),
    );
  }
}
