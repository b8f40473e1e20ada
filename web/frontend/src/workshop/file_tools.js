// The chooser of files, and how one is added, put in the place of another, taken away.
import { confirmed } from "../dialogs.js";
import { begun, placed } from "./files.js";
import { byId } from "./page.js";

const KINDS = ["table", "form", "paper", "toml", "note"];

export function setUpFileTools({ files, texts, editing, open, put, current, changed }) {
  const chooser = byId("diagram-file");
  const kind = byId("file-kind");
  const name = byId("file-name");
  const upload = byId("file-upload");
  chooser.onchange = () => open(chooser.value);
  byId("file-tools").hidden = !editing;
  byId("remove-file").onclick = remove;
  byId("file-form").onsubmit = add;
  kind.replaceChildren(...KINDS.map((one) => new Option(texts.newFiles[one], one)));
  kind.onchange = show;
  show();

  function show() {
    const paper = kind.value === "paper";
    byId("file-upload-field").hidden = !paper;
    upload.required = paper;
    name.setCustomValidity("");
  }

  function draw() {
    chooser.replaceChildren(
      ...files.groups().map(([group, own]) => {
        const made = document.createElement("optgroup");
        made.label = texts.fileGroups[group];
        made.append(...own.map((one) => new Option(one, one)));
        return made;
      }),
    );
    chooser.hidden = files.names().length < 2 && !editing;
    chooser.value = current.file;
    byId("remove-file").disabled = current.file === "process.bpmn";
  }

  async function add(event) {
    event.preventDefault();
    const place = placed(kind.value, name.value);
    const wrong = !place ? texts.badFileName : files.has(place) && kind.value !== "paper" ? texts.fileThere : "";
    name.setCustomValidity(wrong);
    if (wrong) {
      name.reportValidity();
      name.oninput = () => name.setCustomValidity("");
      return;
    }
    byId("add-file-dialog").close();
    if (kind.value === "paper") await put(place, upload.files[0]);
    else {
      files.keep(place, begun(kind.value, place));
      changed();
      await open(place);
    }
    event.target.reset();
    show();
  }

  async function remove() {
    const gone = current.file;
    byId("remove-file-name").textContent = gone;
    if (!(await confirmed(byId("remove-file-dialog")))) return;
    files.remove(gone);
    changed();
    await open(files.names().includes("process.bpmn") ? "process.bpmn" : files.names()[0]);
  }

  return { draw };
}
