// Paper cannot be unfolded: what is folded away on the page is opened while it is printed.

const FOLDED = "details.submission:not([open])";

export function setUpPaper() {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll(FOLDED)];
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
    opened = [];
  });
}
