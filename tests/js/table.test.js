import assert from "node:assert/strict";
import { test } from "node:test";
import { cellsOf, timed, toChart, withUnit, wrap } from "../../src/PlanTracker.Web/wwwroot/js/charts/table.js";

const cell = (textContent, dataset = {}) => ({ textContent, dataset });

/** As much of a table element as the reader asks for. */
const table = (heads, rows) => ({
  querySelectorAll: (selector) =>
    selector === "thead th" ? heads : rows.map(({ dataset, children, ariaCurrent = null }) => ({ dataset, children, ariaCurrent })),
});

const penetration = table(
  [
    cell("Period"),
    cell("Value", { series: "value" }),
    cell("Planned", { series: "path" }),
    cell("Target", { series: "target" }),
    cell("Source"),
  ],
  [
    {
      dataset: { x: "2025" },
      children: [cell("2025"), cell(""), cell("56.0", { value: "56" }), cell("56.0", { value: "56" }), cell("plan")],
    },
    {
      dataset: { x: "2022.5" },
      children: [cell("2023-06"), cell(" 1\u00a0234.50 ", { value: "1234.5" }), cell(""), cell(""), cell("a\n  b")],
    },
    {
      dataset: { x: "2023" },
      children: [cell("2023"), cell("0.0", { value: "0" }), cell("39.6", { value: "39.6" }), cell(""), cell("")],
    },
  ],
);

const chart = toChart(cellsOf(penetration), { unit: "%", decimals: "1", yMin: "0", yMax: "" });

test("series are the columns that say so, named by their heading", () => {
  assert.deepEqual(Object.keys(chart.series), ["value", "path", "target"]);
  assert.equal(chart.series.path.name, "Planned");
  assert.deepEqual(chart.labels, ["2025", "2023-06", "2023"]);
});

test("positions are the exact values and words are the cells' own", () => {
  const point = chart.series.value.points[1];
  assert.equal(point.y, 1234.5);
  assert.equal(point.text, "1 234.50");
  assert.equal(point.label, "2023-06");
  assert.equal(point.source, "a b");
});

test("a missing value is not a zero, and a zero is not missing", () => {
  assert.equal(chart.series.value.points[0].y, null);
  assert.deepEqual(timed(chart.series.value).map((p) => [p.x, p.y]), [[2022.5, 1234.5], [2023, 0]]);
  assert.deepEqual(timed(undefined), []);
});

test("an empty bound is no bound", () => {
  assert.equal(chart.unit, "%");
  assert.equal(chart.decimals, 1);
  assert.equal(chart.min, 0);
  assert.equal(chart.max, null);
  assert.equal(chart.reference, null);
});

test("a ranking carries status, the current row and the reference", () => {
  const ranking = table(
    [cell("Region"), cell("Value", { series: "value" })],
    [
      { dataset: { status: "behind" }, ariaCurrent: "true", children: [cell("Zhejiang"), cell("3.20", { value: "3.2" })] },
      { dataset: {}, children: [cell("Gansu"), cell("no reading")] },
    ],
  );
  const read = toChart(cellsOf(ranking), { reference: "2.65", referenceLabel: "China 2.65" });
  assert.deepEqual(read.rows, [{ status: "behind", current: true }, { status: null, current: false }]);
  assert.deepEqual(read.reference, { value: 2.65, text: "China 2.65" });
  assert.equal(read.series.value.points[0].source, "");
  assert.deepEqual([read.series.value.points[1].y, read.series.value.points[1].text], [null, "no reading"]);
});

test("a unit follows its value once", () => {
  assert.equal(withUnit("58.4", "%"), "58.4 %");
  assert.equal(withUnit("58.4 %", "%"), "58.4 %");
  assert.equal(withUnit("8.69", "亿"), "8.69 亿");
  assert.equal(withUnit("8.69", "100 million"), "8.69 (100 million)");
  assert.equal(withUnit("85", ""), "85");
});

test("a long source breaks at spaces, and a word without any is cut", () => {
  assert.deepEqual(wrap("derived: 5G users / resident population", 20), ["derived: 5G users /", "resident population"]);
  assert.deepEqual(wrap("国家信息化发展报告二〇二五年", 6), ["国家信息化发", "展报告二〇二", "五年"]);
  assert.deepEqual(wrap("  ", 10), []);
});
