// A trend: readings as a solid line with points, the planned path dashed, targets as diamonds, and where
// the recent pace leads as dots, in a band when there is an interval.

import { timed, withUnit, wrap } from "./table.js";
import { spread, valueBounds, yearBounds } from "./scale.js";
import { common, font, timeScales, writeOver } from "./theme.js";

/**
 * What the trend needs to know before it is drawn. Times and values are null where there are none.
 * A label at the end of a line is placed in the right margin; an interim target is labelled where it is.
 */
export function trend(chart, narrow = false) {
  const value = timed(chart.series.value);
  const path = timed(chart.series.path);
  const target = timed(chart.series.target);
  const projected = timed(chart.series.projected);
  const [low, high] = [timed(chart.series.low), timed(chart.series.high)];
  const all = [...value, ...path, ...target, ...projected, ...low, ...high];
  if (all.length === 0) return null;

  const years = yearBounds(all.map((p) => p.x));
  const values = valueBounds(all.map((p) => p.y), { min: chart.min, max: chart.max });
  const final = target.at(-1) ?? null;
  const ends = [];
  const latest = value.at(-1) ?? null;
  if (latest) ends.push({ kind: "value", point: latest, text: narrow ? latest.text : withUnit(latest.text, chart.unit) });
  if (final) ends.push({ kind: "target", point: final, text: targetText(chart, final, narrow) });
  if (path.length > 0 && !(final && final.x === path.at(-1).x && final.y === path.at(-1).y))
    ends.push({ kind: "path", point: path.at(-1), text: chart.series.path.name });
  if (projected.length > 0) {
    const point = projected.at(-1);
    ends.push({ kind: "projected", point, text: narrow ? point.text : `${chart.series.projected.name} ${point.text}` });
  }
  // A projection starts at the reading it carries on.
  const from = projected.length > 0 && latest ? [{ ...latest, joins: true }] : [];
  const ahead = { projected: [...from, ...projected], low: low.length > 0 ? [...from, ...low] : [], high: high.length > 0 ? [...from, ...high] : [] };
  return { value, path, target, ahead, years, values, ends, interim: target.slice(0, -1) };
}

// Where there is little room the diamond alone says that it is a target, and the unit stands above the chart.
const targetText = (chart, point, narrow) =>
  narrow
    ? `${point.label}: ${point.text}`
    : `${chart.series.target.name} ${point.label}: ${withUnit(point.text, chart.unit)}`;

/** The points a keyboard walks through: every time that has a reading, a target or a planned value. */
export function stops(shape) {
  const seen = new Map();
  for (const [series, points] of Object.entries({ projected: shape.ahead.projected, path: shape.path, target: shape.target, value: shape.value }))
    for (const point of points) seen.set(point.index, { x: point.x, index: point.index, series });
  return [...seen.values()].sort((a, b) => a.x - b.x);
}

/** What a screen reader hears at one stop: period, every series that has a value there, source. */
export function spoken(chart, index) {
  const parts = Object.values(chart.series)
    .filter((s) => s.points[index].text !== "")
    .map((s) => `${s.name} ${withUnit(s.points[index].text, chart.unit)}`);
  const any = Object.values(chart.series)[0].points[index];
  return [any.label, ...parts, any.source].filter((part) => part !== "").join(", ");
}

export function configuration(chart, theme, measure) {
  const wide = trend(chart);
  if (wide === null) return null;
  const shape = marginFor(wide, measure) > measure.width * 0.36 ? trend(chart, true) : wide;
  const margin = Math.min(measure.width * 0.36, marginFor(shape, measure));
  const data = (points) => points.map(({ x, y, index, joins }) => ({ x, y, index, joins }));
  const options = common(theme, chart, { wrap, withUnit });

  return {
    type: "line",
    data: {
      datasets: [
        {
          series: "value", data: data(shape.value), borderColor: theme.accent, backgroundColor: theme.accent,
          borderWidth: 2.25, pointRadius: shape.value.length > 24 ? 1.75 : 3.25, pointHoverRadius: 6,
          clip: false, order: 1,
        },
        {
          series: "target", data: data(shape.target), showLine: false, pointStyle: "rectRot", pointRadius: 6,
          pointHoverRadius: 8, pointBackgroundColor: theme.ground, pointBorderColor: theme.ink, pointBorderWidth: 1.75,
          clip: false, order: 0,
        },
        {
          series: "path", data: data(shape.path), borderColor: theme.strong, backgroundColor: theme.strong,
          borderWidth: 1.25, borderDash: [5, 4], pointRadius: 0, pointHoverRadius: 4, clip: false, order: 2,
        },
        {
          series: "projected", data: data(shape.ahead.projected), borderColor: theme.accent, backgroundColor: theme.accent,
          borderWidth: 1.5, borderDash: [1, 4], borderCapStyle: "round", pointRadius: 0, pointHoverRadius: 4, clip: false, order: 2,
        },
        { series: "high", data: data(shape.ahead.high), borderWidth: 0, pointRadius: 0, fill: "+1", backgroundColor: theme.band, order: 3 },
        { series: "low", data: data(shape.ahead.low), borderWidth: 0, pointRadius: 0, order: 3 },
      ],
    },
    options: {
      ...options,
      layout: { padding: { right: margin, top: theme.size * 2 } },
      interaction: { mode: "nearest", axis: "x", intersect: false },
      scales: timeScales(shape, theme, measure),
    },
    plugins: [directLabels(chart, shape, theme)],
  };
}

/** The value of a line at a time, or null where the line does not reach. */
export function valueAt(points, x) {
  const next = points.findIndex((p) => p.x >= x);
  if (next < 0) return null;
  if (points[next].x === x) return points[next].y;
  if (next === 0) return null;
  const [from, to] = [points[next - 1], points[next]];
  return from.y + ((to.y - from.y) * (x - from.x)) / (to.x - from.x);
}

/**
 * Where an interim target has room for its label: on the side of the path that the readings are not
 * on, and on the end from which the path runs away.
 */
export function freeCorner(point, { value, path, target }) {
  const way = path.length > 1 ? path : target;
  const rises = way.length < 2 || way.at(-1).y >= way[0].y;
  const reading = valueAt(value, point.x);
  const below = reading === null ? rises : reading >= point.y;
  return { below, after: below === rises };
}

const crossing = (a, b, height) => Math.abs(a.y - b.y) < height && a.left < b.left + b.width && b.left < a.left + a.width;

const marginFor = (shape, measure) =>
  Math.max(0, ...shape.ends.filter((end) => isAtRight(shape, end)).map((end) => measure.text(end.text))) + 16;

const isAtRight = (shape, end) => end.point.x > shape.years.max - (shape.years.max - shape.years.min) * 0.12;

function directLabels(chart, shape, theme) {
  return {
    id: "direct-labels",
    afterDatasetsDraw(drawn) {
      const { ctx: context, chartArea: area, scales } = drawn;
      const gap = theme.size * 1.35;
      const colours = { value: theme.accent, target: theme.ink, path: theme.quiet, projected: theme.accent };
      const at = ({ x, y }) => ({ x: scales.x.getPixelForValue(x), y: scales.y.getPixelForValue(y) });
      context.save();
      const write = (text, x, y, kind, align) => writeOver(context, theme, text, { x, y, align, colour: colours[kind], weight: kind === "value" ? 700 : 400 });

      const right = shape.ends.filter((end) => isAtRight(shape, end));
      const heights = spread(right.map((end) => at(end.point).y), gap, area.top - gap, area.bottom - gap / 2);
      right.forEach((end, i) => write(end.text, area.right + 10, heights[i], end.kind, "left"));

      // An end that is not at the right edge, or an interim target, is labelled off its own line.
      const room = (x) => (x - area.left < 40 ? "left" : area.right - x < 40 ? "right" : "center");
      for (const end of shape.ends.filter((e) => !isAtRight(shape, e))) {
        const { x, y } = at(end.point);
        const planned = valueAt(shape.path, end.point.x);
        const below = planned !== null && planned > end.point.y;
        write(end.text, x, y + gap * (below ? 0.95 : -0.95), end.kind, room(x));
      }
      // Where the labels of interim targets would run into each other, the diamond alone stands for the later one.
      const taken = [];
      for (const point of shape.interim) {
        const { x, y } = at(point);
        const { below, after } = freeCorner(point, shape);
        const text = `${point.label}: ${point.text}`;
        context.font = font(theme);
        const box = { left: after ? x + 4 : x - 4 - context.measureText(text).width, width: context.measureText(text).width, y: y + (below ? gap : -gap) };
        if (taken.some((other) => crossing(box, other, gap))) continue;
        taken.push(box);
        write(text, after ? x + 4 : x - 4, box.y, "target", after ? "left" : "right");
      }
      context.restore();
    },
  };
}
