// A word's meaning opens beside its question mark. The browser opens and closes it (popover); here it is put in its place.
const GAP = 6;

export function setUpTerms() {
  document.addEventListener(
    "toggle",
    (event) => {
      const words = event.target;
      if (event.newState !== "open" || !words.matches?.(".term-words")) return;
      const mark = words.previousElementSibling.getBoundingClientRect();
      const box = words.getBoundingClientRect();
      const left = Math.min(mark.left, window.innerWidth - box.width - GAP);
      const below = mark.bottom + GAP + box.height <= window.innerHeight;
      words.style.left = `${Math.max(left, GAP)}px`;
      words.style.top = `${below ? mark.bottom + GAP : Math.max(mark.top - GAP - box.height, GAP)}px`;
    },
    true, // it does not bubble
  );
  // What lies over the page does not stay where it was while the page moves under it.
  document.addEventListener("scroll", () => document.querySelector(".term-words:popover-open")?.hidePopover(), { passive: true });
}
