import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as bars from "../../src/PlanTracker.Web/wwwroot/js/charts/bars.js";
import * as lines from "../../src/PlanTracker.Web/wwwroot/js/charts/lines.js";
import * as line from "../../src/PlanTracker.Web/wwwroot/js/charts/line.js";
import { marks } from "../../src/PlanTracker.Web/wwwroot/js/charts/marks.js";
import { toChart } from "../../src/PlanTracker.Web/wwwroot/js/charts/table.js";

const heads = ["Period", "Value", "Planned", "Target", "Source"].map((text, i) => ({
  text,
  series: [null, "value", "path", "target", null][i],
}));
const row = (x, ...texts) => ({
  x: String(x),
  status: null,
  current: false,
  cells: texts.map((text, i) => ({ text, value: i > 0 && i < 4 && text !== "" ? text : null })),
});
const users = toChart(
  {
    heads,
    rows: [
      row(2020, "2020", "4.62", "4.62", "", "plan baseline"),
      row(2022, "2022", "7.00", "7.00", "7.00", "report"),
      row(2023.917, "2024-11", "8.22", "", "", ""),
      row(2025, "2025", "", "8.50", "8.50", "plan"),
    ],
  },
  { unit: "亿", decimals: "2", yMin: "0" },
);

test("the last value and the final target are labelled where their lines end", () => {
  const { ends, interim } = line.trend(users);
  assert.deepEqual(ends.map((e) => [e.kind, e.text]), [["value", "8.22 亿"], ["target", "Target 2025: 8.50 亿"]]);
  assert.deepEqual(interim.map((p) => [p.label, p.text]), [["2022", "7.00"]]);
});

test("where there is little room the labels leave out what stands above the chart", () => {
  assert.deepEqual(line.trend(users, true).ends.map((e) => e.text), ["8.22", "2025: 8.50"]);
});

test("a projection starts at the reading it carries on, and its label says what it is", () => {
  const names = ["Period", "Value", "Planned", "Target", "Projected", "80 % low", "80 % high", "Source"];
  const series = [null, "value", "path", "target", "projected", "low", "high", null];
  const ahead = (x, ...texts) => ({
    x: String(x), status: null, current: false,
    cells: texts.map((text, i) => ({ text, value: i > 0 && i < 7 && text !== "" ? text : null })),
  });
  const chart = toChart({
    heads: names.map((text, i) => ({ text, series: series[i] })),
    rows: [
      ahead(2023, "2023", "58.3", "39", "", "", "", "", "report"),
      ahead(2024, "2024", "72.1", "47", "", "", "", "", "report"),
      ahead(2025, "2025", "", "56", "56", "86.4", "80.1", "92.2", ""),
    ],
  });
  const { ahead: drawn, ends, values } = line.trend(chart);
  assert.deepEqual(drawn.projected.map((p) => p.y), [72.1, 86.4]);
  assert.deepEqual(drawn.low.map((p) => p.y), [72.1, 80.1]);
  assert.deepEqual(drawn.high.map((p) => p.y), [72.1, 92.2]);
  assert.ok(values.max >= 92.2, "the band is inside the axis");
  assert.deepEqual(ends.map((e) => e.text), ["72.1", "Target 2025: 56", "Projected 86.4"]);
  assert.equal(line.spoken(chart, 2), "2025, Planned 56, Target 56, Projected 86.4, 80 % low 80.1, 80 % high 92.2");
  assert.deepEqual(line.trend(users).ahead, { projected: [], low: [], high: [] });
});

test("a path that ends elsewhere than the target has a label of its own", () => {
  const chart = toChart({ heads, rows: [row(2020, "2020", "1", "1", "", ""), row(2025, "2025", "2", "3", "", "")] }, {});
  assert.deepEqual(line.trend(chart).ends.map((e) => e.text), ["2", "Planned"]);
});

test("an interim target is labelled away from the readings and off its path", () => {
  const path = [{ x: 2020, y: 100 }, { x: 2025, y: 50 }];
  const rising = [{ x: 2020, y: 5 }, { x: 2025, y: 9 }];
  const at = { x: 2022, y: 80 };
  const corner = (value, way) => line.freeCorner(at, { value, path: way, target: [] });
  assert.deepEqual(corner([{ x: 2020, y: 100 }, { x: 2023, y: 85 }], path), { below: true, after: false });
  assert.deepEqual(corner([{ x: 2020, y: 100 }, { x: 2023, y: 40 }], path), { below: false, after: true });
  assert.deepEqual(corner([{ x: 2022, y: 90 }], rising), { below: true, after: true });
  assert.deepEqual(corner([], rising), { below: true, after: true });
});

test("a line has no value outside its readings", () => {
  const points = [{ x: 2020, y: 10 }, { x: 2022, y: 20 }];
  assert.deepEqual([2019, 2020, 2021, 2022, 2023].map((x) => line.valueAt(points, x)), [null, 10, 15, 20, null]);
});

test("a chart without any value is not drawn", () => {
  const empty = toChart({ heads, rows: [row(2020, "2020", "", "", "", "")] }, {});
  assert.equal(line.trend(empty), null);
  assert.equal(line.configuration(empty, {}, {}), null);
});

test("the keyboard stops once at each time, in order", () => {
  assert.deepEqual(line.stops(line.trend(users)).map((s) => s.x), [2020, 2022, 2023.917, 2025]);
});

test("a stop is spoken with the words of its row", () => {
  assert.equal(line.spoken(users, 1), "2022, Value 7.00 亿, Planned 7.00 亿, Target 7.00 亿, report");
  assert.equal(line.spoken(users, 2), "2024-11, Value 8.22 亿");
});

const regions = toChart(
  {
    heads: [{ text: "Region", series: null }, { text: "Value", series: "value" }, { text: "Source", series: null }],
    rows: [["Gansu", "1.32"], ["XPCC", null], ["Beijing", "6.73"], ["Hainan", "1.32"]].map(([name, value]) => ({
      x: null, status: "behind", current: false,
      cells: [{ text: name, value: null }, { text: value ?? "no reading", value }, { text: "yearbook", value: null }],
    })),
  },
  { unit: "%", reference: "2.65", referenceLabel: "China 2.65" },
);

test("bars stand in order of value, equal ones as in the table, missing ones last", () => {
  assert.deepEqual(bars.ranking(regions.series.value.points).map((p) => p.label), ["Beijing", "Gansu", "Hainan", "XPCC"]);
  assert.deepEqual(bars.stops(regions).map((s) => s.index), [2, 0, 3, 1]);
});

test("bars start at zero and leave room for the reference", () => {
  const points = regions.series.value.points;
  assert.equal(bars.barBounds(regions, points).min, 0);
  const far = { ...regions, reference: { value: 20, text: "20" } };
  assert.ok(bars.barBounds(far, points).max >= 20);
});

test("a missing region is spoken as missing, without a unit", () => {
  assert.equal(bars.spoken(regions, 1), "XPCC, no reading, yearbook");
  assert.equal(bars.spoken(regions, 2), "Beijing, 6.73 %, yearbook");
});

test("canvas shapes are those of the status sprite", () => {
  const sprite = readFileSync(new URL("../../src/PlanTracker.Web/wwwroot/img/status.svg", import.meta.url), "utf8");
  const drawn = [...sprite.matchAll(/<symbol id="status-([^"]+)"[\s\S]*? d="([^"]+)"/g)].map(([, id, d]) => [id, d]);
  assert.equal(drawn.length, 6);
  assert.deepEqual(Object.fromEntries(drawn), Object.fromEntries(Object.entries(marks).map(([id, m]) => [id, m.path])));
});

const two = toChart(
  {
    heads: ["Period", "Beijing", "Tibet", "Source"].map((text, i) => ({ text, series: i === 1 || i === 2 ? `line-${i - 1}` : null })),
    rows: [[2019, "2019", "100.0", "100.0", "yearbook"], [2020, "2020", "120.5", "", "yearbook"]].map(([x, ...texts]) => ({
      x: String(x), status: null, current: false,
      cells: texts.map((text, i) => ({ text, value: (i === 1 || i === 2) && text !== "" ? text : null })),
    })),
  },
  { reference: "100" },
);

test("several courses share one scale, which holds the line they start from", () => {
  const { lines: drawn, values } = lines.courses(two);
  assert.deepEqual(drawn.map((l) => [l.name, l.points.map((p) => p.y)]), [["Beijing", [100, 120.5]], ["Tibet", [100]]]);
  assert.ok(values.min <= 100 && values.max >= 120.5);
  assert.deepEqual(lines.stops(two).map((s) => s.index), [0, 1]);
  assert.equal(lines.spoken(two, 1), "2020, Beijing 120.5, yearbook");
  assert.equal(lines.spoken(two, 0), "2019, Beijing 100.0, Tibet 100.0, yearbook");
});

test("a name that is too long for its place ends with a sign that it goes on", () => {
  const measure = (text) => text.length;
  assert.equal(lines.shortened("R&D expenditure", 20, measure), "R&D expenditure");
  assert.equal(lines.shortened("R&D expenditure", 8, measure), "R&D exp…");
});
