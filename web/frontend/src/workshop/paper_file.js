// A Word template: handed down, handed up again, and which of its places are filled.
import { button, make } from "./parts.js";

export async function paperFile({ box, name, editing, texts, url, replace, scope }) {
  const chosen = make("input", "visually-hidden");
  chosen.type = "file";
  chosen.accept = ".docx";
  chosen.setAttribute("aria-label", texts.replacePaper);
  chosen.addEventListener("change", () => chosen.files[0] && replace(name, chosen.files[0]));
  const save = make("a", "btn btn-sm btn-plain", [texts.downloadPaper]);
  save.href = url;
  const acts = make("div", "paper-acts", [save, ...(editing ? [button(texts.replacePaper, () => chosen.click()), chosen] : [])]);
  const places = make("ul", "variables");
  const draw = () => places.replaceChildren(...(scope.papers()[name] ?? []).map((one) => make("li", "code chip", [one])));
  scope.follow(() => places.isConnected, draw);
  box.replaceChildren(make("div", "paper-file", [make("h2", "", [name]), acts, make("h3", "", [texts.places]), make("p", "quiet small", [texts.placesHelp]), places]));
  draw();
  return { text: null, undo() {}, redo() {}, destroy() {}, go: () => false };
}
