// Paper cannot be unfolded: what is folded away on the page is opened while it is printed.

const FOLDED = "details.submission:not([open])";

export function setUpPaper() {
  for (const button of document.querySelectorAll("[data-prints]")) button.addEventListener("click", () => print());
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
