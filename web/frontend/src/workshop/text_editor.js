// A file that is only text (TOML, JSON, notes): CodeMirror with its colours, and what is wrong with JSON at once.
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { StreamLanguage } from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { linter, lintGutter } from "@codemirror/lint";
import { redo, undo } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { basicSetup, EditorView } from "codemirror";
import { zhPhrases } from "./text_chinese.js";

const spoken = (name) => {
  if (name.endsWith(".toml")) return [StreamLanguage.define(toml)];
  if (name.endsWith(".json")) return [json(), linter(jsonParseLinter()), lintGutter()];
  return [];
};

export async function textEditor({ box, name, text, changed, zh, editing }) {
  box.replaceChildren();
  const view = new EditorView({
    parent: box,
    doc: text,
    extensions: [
      basicSetup,
      EditorView.lineWrapping,
      ...spoken(name),
      ...(zh ? [EditorState.phrases.of(zhPhrases)] : []),
      EditorView.contentAttributes.of({ "aria-label": name }),
      EditorView.editable.of(editing),
      EditorView.updateListener.of((update) => update.docChanged && changed()),
    ],
  });
  return {
    text: async () => view.state.doc.toString(),
    undo: () => undo(view),
    redo: () => redo(view),
    destroy: () => view.destroy(),
    go(place) {
      const line = Number(/\d+/.exec(place)?.[0]);
      if (!line || line > view.state.doc.lines) return false;
      const at = view.state.doc.line(line).from;
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
      return true;
    },
  };
}
