// Who comes back to a list finds his place in it: the row at the place where he left, now the next one.
const KEY = "place-in-list";

export function setUpPlaces() {
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.("a[data-row]");
    if (!row) return;
    const index = [...document.querySelectorAll("[data-row]")].indexOf(row);
    const list = new URL(row.href).searchParams.get("back");
    if (list) remember({ list, index, top: window.scrollY });
  });
  const place = recall();
  if (place?.list !== window.location.pathname + window.location.search) return;
  const rows = document.querySelectorAll("[data-row]");
  window.scrollTo(0, place.top);
  const row = rows[Math.min(place.index, rows.length - 1)];
  if (!row) return;
  row.focus({ preventScroll: true });
  row.dataset.place = ""; // where j goes when the focus is at the result of an act
}

// A browser may keep nothing for a page: then one comes back to the top.
function remember(place) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(place));
  } catch {}
}

function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}
