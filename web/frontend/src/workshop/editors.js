// Which editor a file is opened in. Those of tables, forms and texts come only when they are asked for.
export async function editorFor(name, around) {
  if (name.endsWith(".dmn")) return (await import("./tables.js")).tableEditor(around);
  if (name.endsWith(".form.json")) return (await import("./form_editor.js")).formEditor(around);
  if (name.endsWith(".docx")) return (await import("./paper_file.js")).paperFile(around);
  return (await import("./text_editor.js")).textEditor(around);
}
