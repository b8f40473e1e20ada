// Loaded before every other script, and as a plain one: it sees whether the page comes whole. A script that did not come,
// or that broke before the page heard its keys and clicks, leaves buttons that do nothing; then the page says so.
(() => {
  const tell = () => {
    if (document.documentElement.hasAttribute("data-ready")) return; // what comes later is told by whoever asked for it
    const shown = () => document.getElementById("not-whole")?.removeAttribute("hidden");
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", shown);
    else shown();
  };
  window.addEventListener("error", ({ target, error }) => (target instanceof HTMLScriptElement || error) && tell(), true);
  window.addEventListener("unhandledrejection", tell);
})();
