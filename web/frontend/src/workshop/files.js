// The files of a design on its page: what each holds, which have changed since they were saved, how new ones begin.
const FORM = ".form.json";
const GROUPS = [["diagrams", ".bpmn"], ["tables", ".dmn"], ["forms", FORM], ["papers", ".docx"], ["others", ""]];

/** `opened`: what the server has opened. Papers are no text: they are here by their names alone. */
export function folder(opened) {
  const texts = { ...opened.texts, ...opened.diagrams };
  const papers = new Set(opened.papers);
  const shared = opened.names.filter((name) => name.startsWith("_shared/"));
  let dirty = {};

  return {
    has: (name) => name in texts || papers.has(name),
    text: (name) => texts[name],
    isPaper: (name) => papers.has(name),
    names: () => [...Object.keys(texts), ...papers],
    all: () => [...Object.keys(texts), ...papers, ...shared],
    diagrams: () => Object.fromEntries(Object.entries(texts).filter(([name]) => name.endsWith(".bpmn"))),
    /** The texts of all decision tables, those that all processes share too. */
    tables: () => [...Object.entries(texts).filter(([name]) => name.endsWith(".dmn")).map(([, text]) => text), ...Object.values(opened.tables)],
    groups: () => grouped([...Object.keys(texts), ...papers]),
    keep(name, text) {
      if (texts[name] === text) return;
      texts[name] = dirty[name] = text;
    },
    remove(name) {
      delete texts[name];
      papers.delete(name);
      dirty[name] = null;
    },
    handedUp: (name) => papers.add(name),
    changes: () => ({ ...dirty }),
    saved(sent) {
      for (const [name, text] of Object.entries(sent)) if (dirty[name] === text) delete dirty[name];
    },
  };
}

/** By kind, the process itself first. */
function grouped(names) {
  const left = new Set(names);
  return GROUPS.map(([kind, ending]) => {
    const own = [...left].filter((name) => name.endsWith(ending)).sort((one, other) => (other === "process.bpmn") - (one === "process.bpmn") || one.localeCompare(other));
    own.forEach((name) => left.delete(name));
    return [kind, own];
  }).filter(([, own]) => own.length);
}

/** A name as it stands in the folder, from what somebody typed; "" when it is none. */
export function placed(kind, typed) {
  const bare = typed.trim().replace(/\.(bpmn|dmn|form\.json|docx|toml|md)$/i, "");
  if (!/^[\w\u4e00-\u9fff][\w\u4e00-\u9fff-]*$/.test(bare)) return "";
  return { table: `${bare}.dmn`, form: `forms/${bare}${FORM}`, paper: `documents/${bare}.docx`, toml: `${bare}.toml`, note: `${bare}.md` }[kind] ?? "";
}

/** What a new file holds. */
export function begun(kind, name) {
  const id = name.split("/").at(-1).replace(/\.(dmn|form\.json|toml|md)$/, "");
  if (kind === "table") return table(id);
  if (kind === "form") return `${JSON.stringify({ schemaVersion: 18, type: "default", id, components: [] }, null, 2)}\n`;
  return "";
}

const table = (id) => `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:gw="urn:gangwei:bpmn:1" id="${id}_definitions" name="${id}" namespace="urn:gangwei:workflows">
  <decision id="${id}" name="${id}">
    <decisionTable id="${id}_table" hitPolicy="UNIQUE">
      <input id="${id}_input" label="">
        <inputExpression id="${id}_input_expression" typeRef="string">
          <text></text>
        </inputExpression>
      </input>
      <output id="${id}_output" label="" name="result" typeRef="string" />
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="${id}_diagram">
      <dmndi:DMNShape id="${id}_shape" dmnElementRef="${id}">
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
`;
