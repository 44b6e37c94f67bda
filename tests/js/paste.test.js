import assert from "node:assert/strict";
import { test } from "node:test";
import { cellsOfBlock, isBlock, plan } from "../../src/PlanTracker.Web/wwwroot/js/paste.js";

const column = (...values) => values.map((value, i) => ({ names: [`region ${i}`, `地区${i}`], value, decimals: 2, locked: value === "locked" }));

test("a block is read as a spreadsheet writes it", () => {
  assert.deepEqual(cellsOfBlock("1\t2\r\n3\t4\r\n"), [["1", "2"], ["3", "4"]]);
  assert.deepEqual(cellsOfBlock('"a ""b""\nc"\t1\r\n'), [['a "b"\nc', "1"]]);
  assert.deepEqual(cellsOfBlock("1\r\n\r\n3"), [["1"], [""], ["3"]]);
});

test("a single figure is no block, also with the break a spreadsheet puts behind it", () => {
  assert.equal(isBlock("6.73\r\n"), false);
  assert.equal(isBlock("6.73\r\n3.5\r\n"), true);
  assert.equal(isBlock("a\t1"), true);
});

test("a column fills down from where it is put and erases nothing it does not cover", () => {
  const found = plan([["1"], [""], ["3.5"]], column("9", "1", "8", "3.5", "7"), 1);
  assert.deepEqual(found.changes, []);
  assert.deepEqual([found.same, found.empty], [2, 1]);
  assert.deepEqual(plan([["1"], ["2"]], column("", "x", ""), 0).changes, [{ at: 0, text: "1" }, { at: 1, text: "2" }]);
});

test("what is no number here is refused by its place, the rest goes in", () => {
  const found = plan([["1,234.5"], ["1.234"], ["2"], ["-"], ["5"]], column("", "", "", "", "locked"), 0);
  assert.deepEqual(found.changes, [{ at: 2, text: "2" }]);
  assert.deepEqual(found.refused.map((r) => [r.at, r.reason]), [[0, "number"], [1, "decimals"], [3, "number"], [4, "locked"]]);
});

test("figures beyond the last row are refused by their line", () => {
  assert.deepEqual(plan([["1"], ["2"]], column("", ""), 1).refused.map((r) => [r.line, r.reason]), [[2, "beyond"]]);
});

test("regions with figures find their rows by name, in either language and any order", () => {
  const found = plan([["地区2", "3"], ["Region 0", "1"], ["Nowhere", "9"]], column("", "", ""), 1);
  assert.deepEqual(found.changes, [{ at: 2, text: "3" }, { at: 0, text: "1" }]);
  assert.deepEqual(found.refused.map((r) => [r.name, r.reason]), [["Nowhere", "name"]]);
});

test("a block that is no column changes nothing", () => {
  const found = plan([["1", "2", "3"]], column("", ""), 0);
  assert.deepEqual([found.shape, found.changes.length], [true, 0]);
  assert.equal(plan([["a", "1"], ["2"]], column("", ""), 0).shape, true);
});
