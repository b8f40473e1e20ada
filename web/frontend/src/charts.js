// Draws the table of each chart as bars with their numbers. The picture adds nothing to the table: it is hidden from
// those who hear the page, and takes no focus. Other pages draw their charts with this, too.
import { BarChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { read, says } from "./chart_table.js";
import { bound } from "./ready.js";

use([AriaComponent, BarChart, GridComponent, LegendComponent, SVGRenderer]);

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
  drawn.setOption(option(chart, lying));
  drawn.on("click", ({ data }) => data.address && window.location.assign(data.address));
  new ResizeObserver(() => drawn.resize()).observe(picture);
}

/** Patterns beside colours, numbers at the bars: it can be read in grey and on paper. */
function option(chart, lying) {
  const text = { color: INK, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
  const several = chart.series.length > 1;
  const names = { type: "category", data: chart.labels, inverse: lying, axisTick: { show: false }, axisLabel: { ...text, interval: lying ? 0 : "auto",
    width: lying ? 96 : undefined, overflow: "truncate" }, axisLine: { lineStyle: { color: LINE } } };
  const numbers = { type: "value", minInterval: 1, axisLabel: { show: false }, splitLine: { lineStyle: { color: LINE } } };
  return {
    animation: false,
    aria: { enabled: several, label: { enabled: false }, decal: { show: several } },
    legend: { show: several, top: 0, left: 0, textStyle: text, selectedMode: false },
    grid: { top: several ? 28 : 20, bottom: 4, left: 4, right: lying ? 40 : 8, containLabel: true },
    xAxis: lying ? numbers : names,
    yAxis: lying ? names : numbers,
    series: chart.series.map((one) => ({
      type: "bar",
      name: one.name,
      barMaxWidth: lying ? 12 : 36,
      itemStyle: { color: TONES[one.tone] },
      label: { show: true, position: lying ? "right" : "top", ...text, formatter: ({ data }) => (data.value || !lying ? data.words : "") },
      data: one.cells,
    })),
  };
}

for (const figure of document.querySelectorAll("[data-chart]")) draw(figure);
bound();
