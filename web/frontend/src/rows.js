// Lists that are judged row by row: what cannot be changed stands in one line with what is decided on it, like a table.

const SHORT = new Set(["textfield", "number", "select", "radio", "checkbox", "datetime", "expression"]);

/** The schema with such lists laid out in lines, and every list unfolded: what is to be judged must be seen. */
export function inLines(schema) {
  return { ...schema, components: (schema.components ?? []).map(laidOut) };
}

function laidOut(component) {
  if (!component.components) return component;
  const components = component.components.map(laidOut);
  if (component.type !== "dynamiclist") return { ...component, components };
  const list = { ...component, components, disableCollapse: true };
  return !component.allowAddRemove && isJudged(components) ? { ...list, components: inOneLine(component.id, components) } : list;
}

/** At least half of its fields are there to be read. */
function isJudged(components) {
  const fields = components.filter((one) => one.key);
  return fields.length > 1 && fields.filter((one) => one.readonly === true).length * 2 >= fields.length;
}

function inOneLine(id, components) {
  const cells = components.filter((one) => SHORT.has(one.type)).map((one) => ({ ...one, layout: { row: `${id}_line` } }));
  const under = components.filter((one) => !SHORT.has(one.type) && one.type !== "separator" && one.type !== "spacer");
  return [...cells, ...under.map((one) => ({ ...one, layout: { row: `${id}_${one.id}` } }))];
}

/** Marks the rows that have the same cells as the one above: its labels need not be seen again. */
export function markAlike(root, form) {
  const mark = () => {
    for (const list of root.querySelectorAll(".fjs-form-field-dynamiclist")) {
      let above = "";
      for (const line of linesOf(list)) {
        const labels = [...line.querySelectorAll(".fjs-form-field > .fjs-form-field-label")].map((one) => one.textContent).join();
        line.classList.toggle("is-alike", labels !== "" && labels === above);
        line.classList.toggle("is-line", line.childElementCount > 4);
        above = labels;
      }
    }
  };
  new MutationObserver(mark).observe(root, { childList: true, subtree: true });
  form.on("changed", () => {
    requestAnimationFrame(mark); // in braces: what a listener of form-js returns keeps the event from those after it
  });
  mark();
}

/** The first line of each row of a list. */
function linesOf(list) {
  const rows = [...list.querySelectorAll(".fjs-layout-row")].filter((row) => row.closest(".fjs-form-field-dynamiclist") === list);
  return [...new Set(rows.map((row) => row.parentElement))].map((item) => item.querySelector(".fjs-layout-row"));
}
