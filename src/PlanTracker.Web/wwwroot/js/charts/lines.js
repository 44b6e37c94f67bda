// Several courses on one scale, each with its name where it ends. Lines differ by colour, dash and point.

import { timed, withUnit, wrap } from "./table.js";
import { spread, valueBounds, yearBounds } from "./scale.js";
import { common, timeScales, writeOver } from "./theme.js";

const points = ["circle", "rect", "triangle", "rectRot", "circle", "rect", "triangle", "rectRot"];

/** What is drawn: each series with its points in time, the ends of both axes. */
export function courses(chart) {
  const lines = Object.entries(chart.series).map(([key, { name }]) => ({ key, name, points: timed(chart.series[key]) }));
  const all = lines.flatMap((line) => line.points);
  if (all.length === 0) return null;
  return {
    lines,
    years: yearBounds(all.map((p) => p.x)),
    values: valueBounds([...all.map((p) => p.y), ...(chart.reference ? [chart.reference.value] : [])], { min: chart.min, max: chart.max }),
  };
}

/** Every time for which any line has a value. */
export function stops(chart) {
  const seen = new Map();
  for (const line of courses(chart).lines) for (const point of line.points) seen.set(point.index, { x: point.x, index: point.index });
  return [...seen.values()].sort((a, b) => a.x - b.x);
}

export function spoken(chart, index) {
  const series = Object.values(chart.series);
  const parts = series.filter((s) => s.points[index].text !== "").map((s) => `${s.name} ${withUnit(s.points[index].text, chart.unit)}`);
  return [series[0].points[index].label, ...parts, series[0].points[index].source].filter((part) => part !== "").join(", ");
}

/** As much of a text as fits, with the sign that something is left out. */
export function shortened(text, width, measure) {
  if (measure(text) <= width) return text;
  let fits = text.length - 1;
  while (fits > 1 && measure(`${text.slice(0, fits).trimEnd()}…`) > width) fits--;
  return `${text.slice(0, fits).trimEnd()}…`;
}

export function configuration(chart, theme, measure) {
  const shape = courses(chart);
  if (shape === null) return null;
  const most = measure.width * 0.36;
  const labels = shape.lines.map((line) => shortened(line.name, most - 16, measure.text));
  const margin = Math.max(...labels.map(measure.text)) + 16;
  const options = common(theme, chart, { wrap, withUnit });
  return {
    type: "line",
    data: {
      datasets: shape.lines.map((line, i) => ({
        series: line.key,
        data: line.points.map(({ x, y, index }) => ({ x, y, index })),
        borderColor: theme.lines[i], backgroundColor: theme.lines[i],
        borderWidth: i === 0 ? 2.5 : 1.75, borderDash: i < 4 ? [] : [6, 3],
        pointStyle: points[i], pointRadius: line.points.length > 24 ? 1.5 : 3, pointHoverRadius: 6, clip: false,
      })),
    },
    options: {
      ...options,
      layout: { padding: { right: margin, top: theme.size } },
      interaction: { mode: "nearest", axis: "x", intersect: false },
      scales: timeScales(shape, theme, measure),
      plugins: { ...options.plugins, annotation: { annotations: base(chart, theme) } },
    },
    plugins: [names(shape, labels, theme)],
  };
}

/** The line all courses of an index start from. */
function base(chart, theme) {
  if (!chart.reference) return {};
  return { base: { type: "line", scaleID: "y", value: chart.reference.value, borderColor: theme.strong, borderWidth: 1.25 } };
}

function names(shape, labels, theme) {
  return {
    id: "names",
    afterDatasetsDraw({ ctx: context, chartArea: area, scales }) {
      const gap = theme.size * 1.3;
      const ends = shape.lines.map((line, i) => ({ i, point: line.points.at(-1) })).filter((end) => end.point);
      const heights = spread(ends.map((end) => scales.y.getPixelForValue(end.point.y)), gap, area.top - gap / 2, area.bottom);
      context.save();
      ends.forEach(({ i, point }, k) => {
        const from = { x: scales.x.getPixelForValue(point.x), y: scales.y.getPixelForValue(point.y) };
        // A thin line leads to a name that could not stand beside its end.
        if (area.right - from.x > 4 || Math.abs(heights[k] - from.y) > gap / 2) {
          context.strokeStyle = theme.lines[i];
          context.lineWidth = 0.75;
          context.setLineDash([2, 2]);
          context.beginPath();
          context.moveTo(from.x + 5, from.y);
          context.lineTo(area.right + 7, heights[k]);
          context.stroke();
          context.setLineDash([]);
        }
        writeOver(context, theme, labels[i], { x: area.right + 10, y: heights[k], align: "left", colour: theme.lines[i], weight: i === 0 ? 700 : 400 });
      });
      context.restore();
    },
  };
}
