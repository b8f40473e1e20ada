// A list with its cases beside it: a row opens in a frame at its right, where everything works as on a page of its own.
// What is decided there leads back to the list, and the list takes over: the result is said, the next row opens.
import { focusResult } from "./result.js";

const KEY = "split-view";
const ROOM = window.matchMedia("(min-width: 1200px)");

export function setUpSplit() {
  const split = document.querySelector("[data-split]");
  const button = document.getElementById("split-switch");
  if (!split || !button) return;
  const frame = split.querySelector("iframe");
  const show = () => {
    const on = recall() && ROOM.matches;
    document.body.classList.toggle("split-on", on);
    button.setAttribute("aria-pressed", String(on));
    if (on && frame.hidden) open(0);
    if (!on) close();
  };
  let place = 0;

  const rows = () => [...split.querySelectorAll("a[data-row]")];
  function open(index) {
    const all = rows();
    const row = all[Math.min(index, all.length - 1)];
    for (const one of all) one.removeAttribute("aria-current");
    if (!row) return close();
    place = all.indexOf(row);
    row.setAttribute("aria-current", "true");
    const address = new URL(row.href);
    address.searchParams.set("pane", "1");
    frame.hidden = false;
    frame.contentWindow.location.replace(address);
  }
  function close() {
    frame.hidden = true;
    for (const one of rows()) one.removeAttribute("aria-current");
  }

  split.addEventListener("click", (event) => {
    const row = event.target.closest("a[data-row]");
    if (!row || !document.body.classList.contains("split-on") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(rows().indexOf(row));
  });
  frame.addEventListener("load", () => {
    const inside = frame.contentDocument;
    if (!inside || !/^https?:$/.test(frame.contentWindow.location.protocol) || inside.body.classList.contains("pane")) return;
    const came = inside.getElementById("rows");
    if (!came || frame.contentWindow.location.pathname !== window.location.pathname) {
      window.location.assign(frame.contentWindow.location.href); // it led elsewhere: that is a page of its own
      return;
    }
    takeOver(inside, came);
    open(place);
  });
  button.addEventListener("click", () => {
    remember(!recall());
    show();
  });
  document.addEventListener("htmx:after:swap", () => {
    if (document.body.classList.contains("split-on")) open(0);
  });
  ROOM.addEventListener("change", show);
  show();
}

/** What the list says after an act: the result, the rows, how many there are. */
function takeOver(inside, came) {
  document.getElementById("rows").replaceWith(document.adoptNode(came));
  const main = document.getElementById("main");
  main.querySelector(":scope > :has(> .flashes)")?.remove();
  const said = inside.querySelector("#main > :has(> .flashes)");
  if (said) main.prepend(document.adoptNode(said));
  focusResult(document);
  const fresh = inside.querySelector(".list-tabs");
  if (fresh) document.querySelector(".list-tabs")?.replaceWith(document.adoptNode(fresh));
  document.dispatchEvent(new Event("rows:replaced"));
}

function recall() {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
}

function remember(on) {
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {}
}
