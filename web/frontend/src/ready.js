// Whether a page hears its keys and clicks: before all of its scripts have bound what they bind, it does not.
let count = 0;

/** Called by each script of a page when it has bound everything; the last one marks the page with `data-ready`. */
export function bound() {
  count += 1;
  const ready = count >= document.querySelectorAll("script[type=module][src]").length;
  document.documentElement.toggleAttribute("data-ready", ready);
}
