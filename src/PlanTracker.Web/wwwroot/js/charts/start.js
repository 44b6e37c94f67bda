// Draws every figure[data-chart] from the table inside it and keeps the drawings fresh.

import { cellsOf, toChart } from "./table.js";
import { moved } from "./scale.js";
import { font, readTheme } from "./theme.js";
import { addTools } from "./take.js";
import * as bars from "./bars.js";
import * as line from "./line.js";
import * as lines from "./lines.js";

const kinds = {
  line: { ...line, stopsOf: (chart) => line.stops(line.trend(chart)), select: selectTime },
  lines: { ...lines, stopsOf: lines.stops, select: selectTime },
  bars: { ...bars, stopsOf: bars.stops, select: selectRow },
};
let drawings = [];

/** Draws what stands in a part of the page, and forgets what has left the page. */
export function drawIn(root) {
  for (const gone of drawings.filter((d) => !d.canvas.isConnected)) gone.drawn?.destroy();
  drawings = drawings.filter((d) => d.canvas.isConnected);
  for (const figure of root.querySelectorAll("figure[data-chart]")) {
    const kind = kinds[figure.dataset.chart];
    const table = figure.querySelector("table");
    if (!kind || !table) continue;
    const cells = cellsOf(table);
    const drawing = prepare(figure, kind, toChart(cells, figure.dataset));
    drawings.push(drawing);
    addTools(figure, cells, (take) => onPaper(drawing, take));
    draw(drawing);
  }
}

function prepare(figure, kind, chart) {
  const frame = document.createElement("div");
  frame.className = "chart-canvas";
  const canvas = document.createElement("canvas");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", figure.querySelector("figcaption")?.textContent.trim() ?? "");
  const live = document.createElement("p");
  live.className = "visually-hidden";
  live.setAttribute("aria-live", "polite");
  frame.append(canvas);
  figure.querySelector(".chart-space")?.remove();
  figure.querySelector("figcaption").after(frame, live);

  const drawing = { frame, canvas, live, kind, chart, drawn: null, active: -1 };
  canvas.addEventListener("keydown", (event) => step(drawing, event));
  canvas.addEventListener("blur", () => clear(drawing));
  return drawing;
}

function draw(drawing) {
  const { canvas, frame, kind, chart } = drawing;
  const theme = readTheme(frame);
  const context = canvas.getContext("2d");
  context.font = font(theme, 700);
  const measure = { width: frame.clientWidth, text: (words) => context.measureText(words).width };
  const configuration = kind.configuration(chart, theme, measure);
  drawing.drawn?.destroy();
  drawing.drawn = null;
  frame.hidden = configuration === null;
  if (configuration === null) return;
  if (kind.heightFor) frame.style.blockSize = `${kind.heightFor(chart.labels.length, theme)}px`;
  drawing.drawn = new window.Chart(canvas, configuration);
}

function step(drawing, event) {
  if (drawing.drawn === null) return;
  if (event.key === "Escape") return clear(drawing);
  const stops = drawing.kind.stopsOf(drawing.chart);
  const next = moved(drawing.active, event.key, stops.length);
  if (next === drawing.active && !event.key.startsWith("Arrow")) return;
  event.preventDefault();
  drawing.active = next;
  const active = drawing.kind.select(drawing.drawn, stops[next]);
  drawing.drawn.setActiveElements(active);
  drawing.drawn.tooltip.setActiveElements(active, { x: 0, y: 0 });
  drawing.drawn.update("none");
  drawing.live.textContent = drawing.kind.spoken(drawing.chart, stops[next].index);
}

function clear(drawing) {
  drawing.active = -1;
  drawing.live.textContent = "";
  if (drawing.drawn === null) return;
  drawing.drawn.setActiveElements([]);
  drawing.drawn.tooltip.setActiveElements([], { x: 0, y: 0 });
  drawing.drawn.update("none");
}

// Every series that has a point at this row of the table.
function selectTime(drawn, stop) {
  return drawn.data.datasets.flatMap((dataset, datasetIndex) => {
    const index = dataset.data.findIndex((p) => p.index === stop.index);
    return index < 0 ? [] : [{ datasetIndex, index }];
  });
}

function selectRow(_, stop) {
  return [{ datasetIndex: 0, index: stop.row }];
}

/** Draws as it will be on paper, hands the canvas over, and draws as it was. */
function onPaper(drawing, take) {
  document.documentElement.classList.add("printing");
  draw(drawing);
  take(drawing.canvas, readTheme(drawing.frame));
  document.documentElement.classList.remove("printing");
  draw(drawing);
}

const redraw = () => drawings.forEach(draw);

drawIn(document);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

// Label margins depend on the width, so a change of width is a new drawing, not a stretched one.
let width = window.innerWidth;
let waiting = 0;
window.addEventListener("resize", () => {
  if (window.innerWidth === width) return;
  width = window.innerWidth;
  clearTimeout(waiting);
  waiting = setTimeout(redraw, 150);
});

// Paper is white and about 650 CSS pixels wide, whatever the screen was; in a report two charts share that width.
const paper = { wide: 650, half: 310, tall: 165 };
window.addEventListener("beforeprint", () => {
  document.documentElement.classList.add("printing");
  for (const drawing of drawings) {
    const { clientWidth, clientHeight, style } = drawing.frame;
    const half = drawing.frame.closest(".report .columns") !== null;
    style.inlineSize = `${half ? paper.half : Math.min(paper.wide, clientWidth)}px`;
    style.blockSize = `${half ? paper.tall : clientHeight}px`;
    draw(drawing);
  }
});
window.addEventListener("afterprint", () => {
  document.documentElement.classList.remove("printing");
  for (const { frame } of drawings) {
    frame.style.inlineSize = "";
    frame.style.blockSize = "";
  }
  redraw();
});
