// What the checks of publishing say of the design: a list by severity, and marks on the elements. The last request counts.
import { postJson } from "../requests.js";
import { filled } from "./page.js";
import { button } from "./parts.js";
import { walker } from "./walk.js";
import { put, say } from "./words.js";

export function setUpFindings({ list, mark, url, words, texts, editing, scope, foreign, open, shown, current, drawn }) {
  let asked = 0;
  let problems = [];
  const walk = walker({ drawn });

  async function check() {
    const own = ++asked;
    mark.textContent = texts.checking;
    mark.dataset.state = "checking";
    const answer = await postJson(url, {}).catch(() => ({ ok: false, body: {} }));
    if (own !== asked) return;
    if (!answer.ok) {
      mark.dataset.state = "failed";
      mark.textContent = filled(texts.checkFailed, { why: answer.body.detail ?? "" });
      return;
    }
    problems = answer.body.problems;
    scope.hear(answer.body.scope);
    foreign.hear(answer.body.foreign);
    const errors = problems.filter((one) => one.severity === "error").length;
    const facts = { errors, warnings: problems.length - errors };
    mark.textContent = problems.length ? filled(texts.counts, facts) : texts.clean;
    mark.dataset.state = "checked";
    list.replaceChildren(...problems.map(line));
    paint();
  }

  function line(problem) {
    const item = document.createElement("li");
    const go = document.createElement("button");
    go.type = "button";
    go.className = "finding";
    go.append(chip(problem), part("code", `${problem.file} · ${problem.place}`), part("", problem.what), part("quiet", problem.hint));
    go.addEventListener("click", async () => {
      if (await open(problem.file)) shown()?.go(problem.place);
    });
    item.append(go);
    if (problem.fix && editing) item.append(button(mending(problem.fix), () => mend(problem)));
    if (problem.walk.length) item.append(button(texts.showWalk, () => showWalk(problem)));
    return item;
  }

  const mending = (fix) => (fix.tag === "default" ? texts.mendDefault : filled(texts.mendTo, { what: say(words, fix) }));

  /** One change that can be undone; the check that follows says whether it helped. */
  async function mend(problem) {
    if (await open(problem.file)) put(drawn.modeler, words, problem.fix);
  }

  async function showWalk(problem) {
    if (!(await open(problem.file))) return;
    document.getElementById("canvas").scrollIntoView({ block: "nearest" });
    walk.show(problem.walk);
  }

  function chip(problem) {
    return part(`chip chip-${problem.severity === "error" ? "red" : "amber"}`, texts[problem.severity] ?? texts.warning);
  }

  /** The marks on the elements of the file that is shown. */
  function paint() {
    walk.clear();
    if (!current.file.endsWith(".bpmn") || !drawn.isLoaded()) return;
    const overlays = drawn.modeler.get("overlays");
    const registry = drawn.modeler.get("elementRegistry");
    overlays.remove({ type: "finding" });
    const here = problems.filter((one) => one.file === current.file);
    for (const place of new Set(here.map((one) => one.place))) {
      const several = here.filter((one) => one.place === place);
      const element = registry.get(place);
      if (!element || element === drawn.modeler.get("canvas").getRootElement()) continue;
      const worst = several.some((one) => one.severity === "error") ? "error" : "warning";
      const badge = part(`finding-badge finding-${worst}`, String(several.length));
      badge.title = several.map((one) => one.what).join("\n");
      overlays.add(element, "finding", { position: { top: -12, right: 12 }, html: badge });
    }
  }

  return { check, paint };
}

function part(className, text) {
  const made = document.createElement("span");
  made.className = className;
  made.textContent = text;
  return made;
}
