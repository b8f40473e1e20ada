// From the table of a chart to what is drawn: the numbers stand once on the page, in the table. Knows no library.

/** Labels, and of each series its name, its tone and its cells: number, words, address. */
export function read(table) {
  const names = [...table.querySelectorAll("thead th[data-series]")];
  const rows = [...table.querySelectorAll("tbody tr")];
  return {
    labels: rows.map((row) => row.querySelector("th").textContent.trim()),
    series: names.map((name, at) => ({
      name: name.textContent.trim(),
      tone: name.dataset.series,
      cells: rows.map((row) => cellOf(row.querySelectorAll("td[data-value]")[at])),
    })),
  };
}

function cellOf(cell) {
  const link = cell.querySelector("a");
  return { value: Number(cell.dataset.value), words: cell.textContent.trim(), address: link ? link.getAttribute("href") : "" };
}

/** Whether there is anything to draw. */
export function says(chart) {
  return chart.series.some((one) => one.cells.some((cell) => cell.value > 0));
}
