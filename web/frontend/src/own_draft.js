// A draft that the server never sees: of what is handed in sealed. It stays in this browser, under the name of its author.

export class OwnDraft {
  constructor(name, texts) {
    Object.assign(this, { name, texts });
  }

  /** What was typed before, or nothing: a browser may forbid to keep anything. */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.name) ?? "{}");
    } catch {
      return {};
    }
  }

  /** The sentence that says whether it was kept. Chosen files are not. */
  keep(data) {
    try {
      localStorage.setItem(this.name, JSON.stringify(data, (_, one) => (isFile(one) ? undefined : one)));
      return { ok: true, sentence: this.texts.savedHere };
    } catch {
      return { ok: false, sentence: this.texts.notSavedHere };
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.name);
    } catch {
      // nothing was kept
    }
  }
}

/** What form-js has in the place of chosen files. */
const isFile = (one) => typeof one === "string" && one.startsWith("files::");
