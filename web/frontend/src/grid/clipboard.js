// Cells as Excel and WPS put them on the clipboard: lines of cells with tabs between them. Knows no page and no column.

/** The cells of a text: a list of lines, each a list of texts. A cell in quotation marks may hold tabs and lines. */
export function cellsOf(text) {
  const lines = [[""]];
  let quoted = false;
  let begun = false; // something of this cell has been read
  const source = text.replace(/\r\n?/g, "\n");
  for (let at = 0; at < source.length; at += 1) {
    const letter = source[at];
    const line = lines.at(-1);
    if (quoted) {
      if (letter !== '"') line[line.length - 1] += letter;
      else if (source[at + 1] === '"') {
        line[line.length - 1] += '"';
        at += 1;
      } else quoted = false;
    } else if (letter === '"' && !begun && closes(source, at)) {
      quoted = true;
      begun = true;
    } else if (letter === "\t" || letter === "\n") {
      if (letter === "\t") line.push("");
      else lines.push([""]);
      begun = false;
    } else {
      line[line.length - 1] += letter;
      begun = true;
    }
  }
  if (lines.length > 1 && lines.at(-1).length === 1 && lines.at(-1)[0] === "") lines.pop();
  return lines;
}

/** Whether a cell that begins with a quotation mark also ends with one: else the mark is part of what was typed. */
function closes(source, start) {
  for (let at = start + 1; at < source.length; at += 1) {
    if (source[at] !== '"') continue;
    if (source[at + 1] === '"') at += 1;
    else return source[at + 1] === undefined || source[at + 1] === "\t" || source[at + 1] === "\n";
  }
  return false;
}

/** The text of cells, for the clipboard. */
export function textOf(lines) {
  return lines.map((cells) => cells.map(quotedWhereNeeded).join("\t")).join("\n");
}

function quotedWhereNeeded(cell) {
  return /["\t\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
