// Colours, type and motion for a canvas, read from the style sheet's variables.

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
    status: Object.fromEntries(statuses.map((name) => [name, colour(name)])),
    family: style.fontFamily,
    size: Math.round(root * 0.8125),
    // Paper is exposed at once: a chart that is still moving would print empty.
    moves:
      !document.documentElement.classList.contains("printing") &&
      !matchMedia("(prefers-reduced-motion: reduce)").matches,
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
    animation: theme.moves ? { duration: 250 } : false,
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
