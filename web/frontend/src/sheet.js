// The sheet over a task's page: what a person says to his outcome, and where a return goes. Sends nothing itself.
import { pressedAt } from "./keys.js";

/** Opens for an outcome that needs words, or whose words are already written; keeps what was written when it closes. */
export class Sheet {
  /** `dialog` null: the task has no outcome that takes words. `closed`: called whenever it closes. */
  constructor(dialog, { closed = () => {} } = {}) {
    this.dialog = dialog;
    this.read = null; // what the papers that were shown last were made from
    if (!dialog) return;
    this.opinion = dialog.querySelector("#opinion");
    this.confirm = dialog.querySelector("#sheet-confirm");
    this.title = dialog.querySelector("#sheet-title");
    this.errors = dialog.querySelector("#sheet-errors");
    this.missing = dialog.querySelector("#opinion-error");
    this.confirmWords = this.confirm.dataset.words;
    dialog.addEventListener("close", () => {
      this.#toldWritten();
      closed();
    });
    dialog.addEventListener("keydown", (event) => {
      // Enter at a choice would press the first outcome of the page, not the one that the sheet is about.
      const meant = event.ctrlKey || event.metaKey || event.target instanceof HTMLInputElement;
      if (event.key === "Enter" && meant && !event.isComposing) {
        event.preventDefault();
        this.#default()?.click();
      }
    });
    this.opinion?.addEventListener("input", () => {
      if (this.opinion.value.trim()) this.#tellMissing(false);
    });
    document.getElementById("write-opinion")?.addEventListener("click", () => this.open(null));
    this.#toldWritten();
  }

  /** Whether this outcome's button leads to the sheet first. */
  wanted(button) {
    if (!this.dialog || this.dialog.contains(button)) return false;
    const { opinion, kind, targets } = button?.dataset ?? {};
    if (opinion === "required" || targets !== undefined || kind === "refuse") return true;
    return opinion === "optional" && Boolean(this.opinion?.value.trim()); // what is written is seen before it goes
  }

  /** Shows the sheet for an outcome's button; null: only to write. `papers`: drafts to be read before, as HTML. */
  open(button, papers = "") {
    this.dialog.querySelector("#sheet-papers").innerHTML = papers; // made by our own server from escaped text
    this.dialog.classList.toggle("is-wide", papers !== "");
    const { opinion = "optional", kind = "", targets } = button?.dataset ?? {};
    const name = button?.querySelector(".act-name")?.textContent.trim() ?? "";
    this.title.textContent = name || this.title.dataset.neutral;
    this.#show("refuse", kind === "refuse");
    this.#show("targets", targets !== undefined);
    this.#show("opinion", opinion !== "none");
    this.confirm.hidden = !button;
    this.confirm.value = button?.value ?? "";
    this.confirm.textContent = this.confirmWords.replace("{outcome}", name);
    this.confirm.className = `btn btn-${kind === "refuse" ? "primary" : kind || "primary"}`;
    this.confirm.dataset.opinion = opinion;
    for (const free of this.dialog.querySelectorAll("[data-free]")) free.hidden = Boolean(button);
    const need = this.dialog.querySelector("#opinion-need");
    if (need) need.textContent = need.dataset[opinion === "required" ? "required" : "optional"];
    this.#tellMissing(false);
    this.tell([]);
    this.read = null;
    if (!this.dialog.open) this.dialog.showModal();
    const first = papers ? this.dialog.querySelector(".draft-page") : opinion === "none" ? this.confirm : this.opinion;
    (first ?? this.confirm).focus();
  }

  /** Whether the words that the outcome needs are there; says so at the place where they are missing. */
  complete(button) {
    const missing = button?.dataset.opinion === "required" && !this.opinion?.value.trim();
    if (missing && !this.dialog.open) this.open(button);
    this.#tellMissing(missing);
    if (missing) this.opinion.focus();
    return !missing;
  }

  /** Refusals that are answered in the sheet; they stay until something else is tried. Empty: none. */
  tell(sentences) {
    if (!this.dialog) return;
    this.errors.querySelector("ul").replaceChildren(...sentences.map((sentence) => {
      const item = document.createElement("li");
      item.textContent = sentence;
      return item;
    }));
    this.errors.hidden = !sentences.length;
  }

  isOpenFor(button) {
    return Boolean(this.dialog?.open) && !this.confirm.hidden && this.confirm.value === button?.value;
  }

  close() {
    if (this.dialog?.open) this.dialog.close();
  }

  #default() {
    return this.confirm.hidden ? this.dialog.querySelector("[data-free]") : this.confirm;
  }

  #show(part, shown) {
    for (const element of this.dialog.querySelectorAll(`[data-for="${part}"]`)) element.hidden = !shown;
  }

  #tellMissing(missing) {
    if (this.missing) this.missing.hidden = !missing;
    this.opinion?.toggleAttribute("aria-invalid", missing);
  }

  #toldWritten() {
    const written = document.getElementById("opinion-written");
    if (written) written.hidden = !this.opinion?.value.trim();
  }
}

/** 1 … 9 press the outcomes in their order, o opens the sheet; never while somebody types or a dialog is open. */
export function setUpOutcomeKeys(bar) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (document.querySelector("dialog[open]") || typing(pressedAt(event))) return;
    const button = [...bar.querySelectorAll("[aria-keyshortcuts]")].find((one) => one.getAttribute("aria-keyshortcuts") === event.key);
    if (!button || button.disabled) return;
    event.preventDefault();
    button.click();
  });
}

const UNTYPED = new Set(["radio", "checkbox", "button", "submit", "file"]);

function typing(target) {
  if (target.isContentEditable || target.closest("textarea, select, .flatpickr-calendar")) return true;
  return target instanceof HTMLInputElement && !UNTYPED.has(target.type);
}
