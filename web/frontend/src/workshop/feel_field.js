// An expression in the panel: written in an editor that knows FEEL, with what can be read at this place.
import { history, historyKeymap } from "@codemirror/commands";
import { EditorView, keymap } from "@codemirror/view";
import FeelEditor from "@bpmn-io/feel-editor";
import { button, make } from "./parts.js";

const PREFIX = "=";

let made = 0;

/** A field whose value is an expression. It is taken when the field is left, so that one change is one step back. */
export function feelField(attribute, value, changed, around) {
  const label = make("span", attribute.required ? "form-label required" : "form-label", [attribute.label]);
  label.id = `feel-${++made}`;
  const box = make("div", "feel-box form-control form-control-sm");
  const field = make("div", "panel-field", [label, box]);
  const prefix = value.startsWith(PREFIX) ? PREFIX : "";
  let stands = value;
  const whole = () => {
    const text = editor._cmEditor.state.doc.toString().trim();
    return text ? prefix + text.replace(/^=\s*/, "") : "";
  };
  const take = () => {
    if (whole() === stands) return;
    stands = whole();
    changed(stands, box);
  };
  const editor = new FeelEditor({
    container: box,
    value: value.slice(prefix.length),
    builtins: around.functions,
    variables: variables(around),
    contentAttributes: { "aria-labelledby": label.id, role: "textbox", "aria-multiline": "true" },
    extensions: [EditorView.lineWrapping, history(), keymap.of(historyKeymap)],
  });
  editor._cmEditor.contentDOM.addEventListener("blur", take);
  label.addEventListener("click", () => editor.focus());
  around.scope.follow(() => box.isConnected, () => editor.setVariables(variables(around)));
  field.append(seen(around, editor, take));
  return field;
}

const variables = ({ scope, shown }) => scope.offered(shown().holder.id, shown().process);

/** The same, to be looked at and taken by a click: what is there is not guessed. */
function seen(around, editor, take) {
  const list = make("ul", "variables");
  const box = make("details", "variables-box small", [make("summary", "", [around.texts.variables]), list]);
  box.addEventListener("toggle", () => {
    if (!box.open) return;
    const { holder, process } = around.shown();
    list.replaceChildren(...around.scope.at(holder.id, process).map((one) => make("li", "", [chip(one)])));
  });
  const chip = (one) => {
    const taken = button(one.name, () => {
      const view = editor._cmEditor;
      view.dispatch(view.state.replaceSelection(one.name));
      editor.focus();
      take();
    });
    taken.classList.add("code");
    taken.title = [around.texts.types[one.type] ?? one.type, one.label].filter(Boolean).join(" · ");
    return taken;
  };
  return box;
}
