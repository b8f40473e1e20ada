// As much of a page as form-js needs to be loaded without one. Nothing is drawn.
const anything = new Proxy(function () {}, {
  get: (_, key) => {
    if (key === Symbol.toPrimitive) return () => "";
    if (key === Symbol.iterator) return function* () {};
    return key === "then" ? undefined : anything;
  },
  apply: () => anything,
  construct: () => anything,
  set: () => true,
});

for (const name of ["document", "window", "HTMLElement", "Element", "Node", "KeyboardEvent", "MutationObserver"]) {
  globalThis[name] = anything;
}
