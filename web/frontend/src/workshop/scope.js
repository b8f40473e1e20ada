// What an expression may read where it stands, as the last check of the server told it: names, types, what is in them.
import { make } from "./parts.js";

/** `labels`: the page's words for types; `names`: how elements are called, by id. */
export function scoped({ labels, named }) {
  let known = { variables: {}, seen: {}, papers: {} };
  const heard = new Set();

  function hear(scope) {
    if (!scope) return;
    known = scope;
    for (const tell of heard) tell();
  }

  /** The variables at an element, or of its process; none: that is not known yet. */
  function at(id, process) {
    const names = known.seen[id] ?? known.seen[process] ?? Object.keys(known.variables);
    return names.map((name) => known.variables[name] ?? { name, type: "any", label: "", of: [], entries: [] });
  }

  /** The same as the editor of FEEL wants it. */
  const offered = (id, process) => at(id, process).map(entry);

  function entry(one) {
    const of = one.of.map(named).filter(Boolean).slice(0, 3).join(", ");
    return {
      name: one.name,
      detail: labels[one.type] ?? one.type,
      info: () => make("span", "", [[one.label, of].filter(Boolean).join(" · ") || one.name]),
      isList: one.type === "list" ? "optional" : false,
      entries: one.entries.map(entry),
    };
  }

  return {
    hear,
    at,
    offered,
    /** The places of Word templates by file. */
    papers: () => known.papers,
    /** Calls back whenever a check told of something new, as long as `alive()`. */
    follow(alive, tell) {
      const once = () => (alive() ? tell() : heard.delete(once));
      heard.add(once);
    },
  };
}
