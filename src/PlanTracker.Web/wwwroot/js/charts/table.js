// Reads a chart's table. Positions come from the exact values in data attributes, words from the
// cells: a label is never formatted a second time.

const text = (cell) => (cell?.textContent ?? "").replace(/\s+/g, " ").trim();

const exact = (attribute) => {
  const written = (attribute ?? "").trim();
  if (written === "") return null;
  const value = Number(written);
  return Number.isFinite(value) ? value : null;
};

/** The table as plain values: the heading cells and, for each row, its cells and attributes. */
export function cellsOf(table) {
  const heads = [...table.querySelectorAll("thead th")].map((th) => ({
    series: th.dataset.series ?? null,
    text: text(th),
  }));
  const rows = [...table.querySelectorAll("tbody tr")].map((tr) => ({
    x: tr.dataset.x ?? null,
    status: tr.dataset.status ?? null,
    current: tr.ariaCurrent === "true",
    cells: [...tr.children].map((cell) => ({ value: cell.dataset.value ?? null, text: text(cell) })),
  }));
  return { heads, rows };
}

/**
 * Chart data from plain cells.
 * @returns {{labels: string[], rows: object[], series: Object<string, {name: string, points: object[]}>,
 *   unit: string, decimals: number, min: ?number, max: ?number, reference: ?{value: number, text: string}}}
 */
export function toChart({ heads, rows }, attributes = {}) {
  const labels = rows.map((row) => row.cells[0]?.text ?? "");
  const last = heads.length - 1;
  const hasSource = last > 0 && heads[last].series === null;

  const series = {};
  heads.forEach((head, column) => {
    if (head.series === null) return;
    const points = rows.map((row, index) => ({
      index,
      x: exact(row.x),
      y: exact(row.cells[column]?.value),
      label: labels[index],
      text: row.cells[column]?.text ?? "",
      source: hasSource ? (row.cells[last]?.text ?? "") : "",
      status: row.status,
      current: row.current,
    }));
    series[head.series] = { name: head.text, points };
  });

  const reference = exact(attributes.reference);
  const referenceText = attributes.referenceLabel ?? attributes.reference;
  return {
    labels,
    rows: rows.map(({ status, current }) => ({ status, current })),
    series,
    unit: attributes.unit ?? "",
    decimals: exact(attributes.decimals) ?? 0,
    min: exact(attributes.yMin),
    max: exact(attributes.yMax),
    reference: reference === null ? null : { value: reference, text: referenceText },
  };
}

/** The points of a series that have both a time and a value, in the order of time. */
export function timed(series) {
  return (series?.points ?? []).filter((p) => p.x !== null && p.y !== null).sort((a, b) => a.x - b.x);
}

/** A value with its unit, as one says it: "58.4 %", "8.69 (100 million)", "8.69 亿". */
export function withUnit(valueText, unit) {
  if (unit === "" || valueText === "" || valueText.endsWith(unit)) return valueText;
  return /^[0-9]/.test(unit) ? `${valueText} (${unit})` : `${valueText} ${unit}`;
}

/** Lines of at most `width` characters, broken at spaces where there are any. */
export function wrap(words, width) {
  const lines = [];
  let rest = words.trim();
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    const cut = space > width / 2 ? space : width;
    lines.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  if (rest !== "") lines.push(rest);
  return lines;
}

/** Lines no wider than `width` as `measure` sees them, broken at spaces where there are any. */
export function wrapTo(words, width, measure) {
  const lines = [];
  let rest = words.trim();
  while (measure(rest) > width) {
    let fits = 1;
    while (fits < rest.length && measure(rest.slice(0, fits + 1)) <= width) fits++;
    const space = rest.lastIndexOf(" ", fits);
    const cut = space > fits / 2 ? space : fits;
    lines.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  if (rest !== "") lines.push(rest);
  return lines;
}
