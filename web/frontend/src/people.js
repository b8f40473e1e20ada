// Choosing people: those who may be chosen are asked of the server, whoever is chosen already stays.
const PAUSE = 300;

async function renew(chooser, list, words) {
  const address = new URL(chooser.dataset.people, window.location.href);
  address.searchParams.set("q", words);
  const response = await fetch(address, { credentials: "same-origin", headers: { Accept: "text/html" } });
  if (!response.ok) return;
  const kept = [...list.querySelectorAll("label:has(input:checked)")];
  const values = new Set(kept.map((label) => label.querySelector("input").value));
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").body;
  for (const input of fresh.querySelectorAll("input")) if (values.has(input.value)) input.closest("label").remove();
  list.replaceChildren(...kept, ...fresh.children);
}

export function setUpPeople() {
  for (const chooser of document.querySelectorAll("[data-people]")) {
    const [search, list] = [chooser.querySelector("input[type=search]"), chooser.querySelector(".people")];
    let waiting = 0;
    const dialog = chooser.closest("dialog");
    const opened = () => {
      if (!dialog.open) return;
      for (const menu of document.querySelectorAll(".verb-menu[open]")) menu.open = false;
      renew(chooser, list, search.value);
    };
    new MutationObserver(opened).observe(dialog, { attributeFilter: ["open"] });
    search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => renew(chooser, list, search.value), PAUSE);
    });
    // Enter looks for the name, and does not yet hand in.
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      renew(chooser, list, search.value);
    });
  }
}
