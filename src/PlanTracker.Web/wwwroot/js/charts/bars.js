// Regions in order, as horizontal bars from zero, with one reference value as a vertical line.

import { withUnit, wrap } from "./table.js";
import { valueBounds, valueTicks } from "./scale.js";
import { drawMark } from "./marks.js";
import { common, font } from "./theme.js";

/** The order of the bars: by value, largest first, rows without a value last in their own order. */
export function ranking(points) {
  return [...points].sort((a, b) => {
    if (a.y === null || b.y === null) return (a.y === null) - (b.y === null) || a.index - b.index;
    return b.y - a.y || a.index - b.index;
  });
}

/** Ends of the value axis: always with zero, because a bar's length is its value. */
export function barBounds(chart, points) {
  const values = points.filter((p) => p.y !== null).map((p) => p.y);
  if (chart.reference) values.push(chart.reference.value);
  const { min, max, step } = valueBounds([0, ...values]);
  const highest = Math.max(0, ...values);
  // The labels stand to the right of the bars, so the axis may end with the longest one.
  return { min, max: highest > 0 ? Math.min(max, highest * 1.02) : max, step };
}

export const rowHeight = (theme) => Math.round(theme.size * 1.75);

/** Height of the whole chart in pixels for so many rows. */
export const heightFor = (count, theme) => count * rowHeight(theme) + theme.size * 5;

export function stops(chart) {
  return ranking(chart.series.value.points).map(({ index }, row) => ({ index, row, series: "value" }));
}

export function spoken(chart, index) {
  const point = chart.series.value.points[index];
  return [point.label, withUnit(point.text, point.y === null ? "" : chart.unit), point.source]
    .filter((part) => part !== "")
    .join(", ");
}

export function configuration(chart, theme, measure) {
  const rows = ranking(chart.series.value?.points ?? []);
  if (rows.length === 0) return null;
  const bounds = barBounds(chart, rows);
  const colour = (point) => (point.status ? theme.status[point.status] : point.current ? theme.accent : theme.strong);
  const options = common(theme, chart, { wrap, withUnit });
  const labels = Math.max(...rows.map((p) => measure.text(p.text))) + theme.size * 2.2;
  const current = (context) => rows[context.index]?.current;

  return {
    type: "bar",
    data: {
      labels: rows.map((p) => p.label),
      datasets: [
        {
          series: "value",
          data: rows.map((p, row) => ({ x: p.y, y: row, index: p.index })),
          parsing: { xAxisKey: "x", yAxisKey: "y" },
          backgroundColor: rows.map(colour),
          categoryPercentage: 1,
          barPercentage: 0.6,
          minBarLength: 1,
        },
      ],
    },
    options: {
      ...options,
      indexAxis: "y",
      layout: { padding: { right: labels, top: chart.reference ? theme.size * 1.6 : 0 } },
      interaction: { mode: "nearest", axis: "y", intersect: false },
      scales: {
        x: {
          min: bounds.min, max: bounds.max,
          border: { display: false },
          grid: { color: theme.rule, drawTicks: false },
          ticks: { color: theme.quiet, font: options.font, padding: 6, maxRotation: 0 },
          // The axis ends with the longest bar, not with a whole step.
          afterBuildTicks: (axis) => {
            axis.ticks = valueTicks(bounds).map((value) => ({ value }));
          },
        },
        y: {
          border: { color: theme.strong },
          grid: { display: false },
          ticks: {
            autoSkip: false,
            color: (context) => (current(context) ? theme.accent : theme.ink),
            font: (context) => ({ ...options.font, weight: current(context) ? 700 : 400 }),
            padding: 6,
          },
        },
      },
      plugins: { ...options.plugins, annotation: { clip: false, annotations: reference(chart, theme) } },
    },
    plugins: [valueLabels(rows, theme, colour)],
  };
}

function reference(chart, theme) {
  if (!chart.reference) return {};
  return {
    reference: {
      type: "line",
      scaleID: "x",
      value: chart.reference.value,
      borderColor: theme.ink,
      borderWidth: 1.25,
      label: {
        display: true,
        content: chart.reference.text,
        position: "start",
        yAdjust: -theme.size * 1.5,
        padding: 0,
        backgroundColor: "transparent",
        color: theme.ink,
        font: { family: theme.family, size: theme.size, weight: "600" },
      },
    },
  };
}

function valueLabels(rows, theme, colour) {
  return {
    id: "value-labels",
    beforeDraw(drawn) {
      const row = rows.findIndex((p) => p.current);
      if (row < 0) return;
      const { ctx: context, chartArea: area, scales } = drawn;
      const height = area.height / rows.length;
      context.save();
      context.fillStyle = theme.groundQuiet;
      context.fillRect(0, scales.y.getPixelForValue(row) - height / 2, drawn.width, height);
      context.restore();
    },
    afterDatasetsDraw(drawn) {
      const { ctx: context, scales } = drawn;
      const zero = scales.x.getPixelForValue(0);
      const size = theme.size * 0.8;
      context.save();
      context.textBaseline = "middle";
      rows.forEach((point, row) => {
        const y = scales.y.getPixelForValue(row);
        const mark = point.status ? size + 5 : 0;
        const x = (point.y === null ? zero : Math.max(zero, scales.x.getPixelForValue(point.y))) + 6;
        context.font = font(theme, point.current ? 700 : 400);
        // The label keeps its own ground, so that the reference line does not cross it.
        context.fillStyle = point.current ? theme.groundQuiet : theme.ground;
        context.fillRect(x - 3, y - size * 0.7, mark + context.measureText(point.text).width + 6, size * 1.4);
        if (point.status) drawMark(context, point.status, x, y, size, colour(point));
        context.fillStyle = point.y === null ? theme.quiet : theme.ink;
        context.fillText(point.text, x + mark, y);
      });
      context.restore();
    },
  };
}
