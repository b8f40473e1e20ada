// From the moment of sending until the answer: nothing can be pressed twice, and the page says that it is at work.

/** The state of one bar and its form. */
export class Busy {
  constructor(bar, mount, words) {
    Object.assign(this, { bar, mount, words, now: false, stopped: [] });
    this.told = bar.querySelectorAll("[data-act-state]"); // in the bar, and in the sheet that lies over it
  }

  begin(words = this.words) {
    this.now = true;
    this.stopped = [...this.bar.querySelectorAll("button:not([disabled])")];
    for (const button of this.stopped) button.disabled = true;
    this.#tell(words);
    this.mount?.setAttribute("data-busy", "");
    this.bar.setAttribute("aria-busy", "true");
  }

  end() {
    this.now = false;
    for (const button of this.stopped) button.disabled = false;
    this.stopped = [];
    this.#tell("");
    this.mount?.removeAttribute("data-busy");
    this.bar.removeAttribute("aria-busy");
  }

  #tell(words) {
    for (const place of this.told) place.textContent = words;
  }
}
