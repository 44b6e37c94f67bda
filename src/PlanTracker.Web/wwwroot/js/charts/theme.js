// Colours and type for a canvas, read from the style sheet's variables, and what charts share.

import { yearTicks } from "./scale.js";

const statuses = ["achieved", "on-track", "behind", "far-behind", "moving-away", "none"];

export function readTheme(element) {
  const style = getComputedStyle(element);
  const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    ground: colour("ground"),
    groundQuiet: colour("ground-quiet"),
    ink: colour("ink"),
    quiet: colour("ink-quiet"),
    rule: colour("rule"),
    strong: colour("rule-strong"),
    accent: colour("accent"),
    band: `rgba(${colour("accent-rgb")}, 0.18)`,
    lines: Array.from({ length: 8 }, (_, i) => colour(`line-${i + 1}`)),
    status: Object.fromEntries(statuses.map((name) => [name, colour(name)])),
    family: style.fontFamily,
    size: Math.round(root * 0.8125),
  };
}

export const font = (theme, weight = 400) => `${weight} ${theme.size}px ${theme.family}`;

/** What every chart shares: no legend, no title, a tooltip in page colours that quotes the table. */
export function common(theme, chart, { wrap, withUnit }) {
  const pointOf = (item) => chart.series[item.dataset.series].points[item.raw.index];
  return {
    locale: document.documentElement.lang || undefined,
    responsive: true,
    maintainAspectRatio: false,
    // A figure stands still: it is there at once, on paper too.
    animation: false,
    font: { family: theme.family, size: theme.size },
    plugins: {
      legend: { display: false },
      tooltip: {
        backgroundColor: theme.ground,
        borderColor: theme.strong,
        borderWidth: 1,
        cornerRadius: 0,
        padding: 10,
        displayColors: false,
        titleColor: theme.ink,
        bodyColor: theme.ink,
        footerColor: theme.quiet,
        titleFont: { family: theme.family, size: theme.size, weight: 600 },
        bodyFont: { family: theme.family, size: theme.size },
        footerFont: { family: theme.family, size: theme.size, weight: 400 },
        filter: (item) => item.dataset.series !== undefined && pointOf(item).text !== "",
        callbacks: {
          title: (items) => (items.length > 0 ? pointOf(items[0]).label : ""),
          label: (item) => `${chart.series[item.dataset.series].name}: ${withUnit(pointOf(item).text, chart.unit)}`,
          footer: (items) => (items.length > 0 ? wrap(pointOf(items[0]).source, 44) : []),
        },
      },
    },
  };
}

/** Years below, values at the left. */
export function timeScales({ years, values }, theme, measure) {
  const type = { family: theme.family, size: theme.size };
  return {
    x: {
      type: "linear", min: years.min, max: years.max,
      border: { color: theme.strong },
      grid: { drawOnChartArea: false, tickColor: theme.strong, tickLength: 5 },
      ticks: { color: theme.quiet, font: type, maxRotation: 0, callback: (year) => String(year) },
      afterBuildTicks: (axis) => {
        axis.ticks = yearTicks(years, axis.width || measure.width, theme.size * 3.4).map((value) => ({ value }));
      },
    },
    y: {
      min: values.min, max: values.max,
      border: { display: false },
      grid: { color: theme.rule, drawTicks: false },
      ticks: { stepSize: values.step, color: theme.quiet, font: type, padding: 8 },
    },
  };
}

/** Words on a drawing; an edge in the colour of the ground keeps letters clear of the lines they stand on. */
export function writeOver(context, theme, text, { x, y, align, colour, weight }) {
  context.font = font(theme, weight);
  context.textAlign = align;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = theme.ground;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}
