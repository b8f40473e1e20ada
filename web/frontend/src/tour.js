// The tour of the help page: one step after the other, each with its place on the page marked. It covers no work.
export function setUpTour() {
  const tour = document.getElementById("tour");
  if (!tour) return;
  const start = document.getElementById("tour-start");
  const steps = [...document.querySelectorAll("#tour-steps > li")];
  const part = (name) => document.getElementById(`tour-${name}`);
  let number = 0;
  let marked = null;

  function show(next) {
    number = Math.min(Math.max(next, 0), steps.length - 1);
    const step = steps[number];
    marked?.classList.remove("tour-here");
    marked = [...document.querySelectorAll(`[data-tour="${step.dataset.at}"]`)].find((place) => place.offsetParent) ?? null;
    marked?.classList.add("tour-here");
    marked?.scrollIntoView({ block: "nearest" });
    part("count").textContent = part("count").dataset.words.replace("{number}", number + 1).replace("{count}", steps.length);
    part("title").textContent = step.querySelector("a").textContent;
    part("words").textContent = step.querySelector("p").textContent;
    part("back").disabled = number === 0;
    part("next").hidden = number === steps.length - 1;
    tour.hidden = false;
    tour.focus({ preventScroll: true }); // the whole step is read out
  }

  start.hidden = false;
  start.addEventListener("click", () => show(0));
  part("back").addEventListener("click", () => show(number - 1));
  part("next").addEventListener("click", () => show(number + 1));
  tour.addEventListener("keydown", (event) => {
    if (event.key === "Escape") part("end").requestSubmit();
    if (event.key === "ArrowRight") show(number + 1);
    if (event.key === "ArrowLeft") show(number - 1);
  });
  if (window.location.hash === "#tour") show(0);
}
