// Draws the table of each chart as bars with their numbers. The picture adds nothing to the table: it is hidden from
// those who hear the page, and takes no focus. Other pages draw their charts with this, too.
import { BarChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { read, says } from "./chart_table.js";
import { bound } from "./ready.js";

use([AriaComponent, BarChart, GridComponent, LegendComponent, MarkLineComponent, SVGRenderer]);

const ROW = 34;
const HEIGHT = 220;
const MARGIN = 44;
const TONES = { late: "#9a1219", near: "#c98a1b", done: "#1c4f8c" };
const INK = "#17243a";
const LINE = "#dfe3ea";

function draw(figure) {
  const picture = figure.querySelector(".chart-picture");
  const chart = read(figure.querySelector("table"));
  if (!says(chart)) return;
  const lying = figure.dataset.chart === "lying";
  picture.hidden = false;
  picture.style.height = `${lying ? chart.labels.length * ROW + MARGIN : HEIGHT}px`;
  const drawn = init(picture, null, { renderer: "svg" });
  drawn.setOption(option(chart, lying, limitOf(figure)));
  drawn.on("click", ({ data }) => data.address && window.location.assign(data.address));
  new ResizeObserver(() => drawn.resize()).observe(picture);
}

/** The line that the bars should not cross, if there is one. */
function limitOf({ dataset }) {
  return dataset.limit ? { value: Number(dataset.limit), name: dataset.limitName } : null;
}

/** A bar beyond the limit has another colour; its number says so in words, too. */
function tinted(cells, tone, limit) {
  return cells.map((cell) => ({ ...cell, itemStyle: { color: TONES[limit && cell.value > limit.value ? "late" : tone] } }));
}

function lineAt(limit, lying, text) {
  const label = { ...text, color: TONES.late, formatter: limit.name, position: lying ? "start" : "insideEndTop" };
  return { silent: true, symbol: "none", lineStyle: { color: TONES.late, type: "dashed" }, label, data: [{ [lying ? "xAxis" : "yAxis"]: limit.value }] };
}

/** Patterns beside colours, numbers at the bars: it can be read in grey and on paper. */
function option(chart, lying, limit) {
  const text = { color: INK, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
  const several = chart.series.length > 1;
  const names = { type: "category", data: chart.labels, inverse: lying, axisTick: { show: false }, axisLabel: { ...text, interval: lying ? 0 : "auto",
    width: lying ? 96 : undefined, overflow: "truncate" }, axisLine: { lineStyle: { color: LINE } } };
  const numbers = { type: "value", minInterval: 1, max: limit ? ({ max }) => Math.max(max, limit.value * 1.5) : undefined, axisLabel: { show: false }, splitLine: { lineStyle: { color: LINE } } };
  return {
    animation: false,
    aria: { enabled: several, label: { enabled: false }, decal: { show: several } },
    legend: { show: several, top: 0, left: 0, textStyle: text, selectedMode: false },
    grid: { top: several ? 28 : 20, bottom: limit && lying ? 22 : 4, left: 4, right: lying ? 40 : 8, containLabel: true },
    xAxis: lying ? numbers : names,
    yAxis: lying ? names : numbers,
    series: chart.series.map((one) => ({
      type: "bar",
      name: one.name,
      barMaxWidth: lying ? 12 : 36,
      itemStyle: { color: TONES[one.tone] },
      markLine: limit ? lineAt(limit, lying, text) : undefined,
      label: { show: true, position: lying ? "right" : "top", ...text, formatter: ({ data }) => (data.value || !lying ? data.words : "") },
      data: tinted(one.cells, one.tone, limit),
    })),
  };
}

for (const figure of document.querySelectorAll("[data-chart]")) draw(figure);
bound();
