import assert from "node:assert/strict";
import { test } from "node:test";
import { cellsOfBlock, isBlock, plan, textOfBlock } from "../../src/PlanTracker.Web/wwwroot/js/grid/block.js";

/** A grid of these figures; rows are called region 0, 地区0, 110000 and so on. */
const grid = (figures, columns = figures[0].map((_, i) => String(2021 + i))) => ({
  rows: figures.map((_, i) => ({ names: [`${110000 + i}`, `region ${i}`, `地区${i}`], decimals: 2 })),
  columns,
  value: (row, column) => figures[row][column],
  locked: (row, column) => figures[row][column] === "locked",
});
const at = (row, column) => ({ row, column });

test("a block is read as a spreadsheet writes it, and written as it reads it", () => {
  assert.deepEqual(cellsOfBlock("1\t2\r\n3\t4\r\n"), [["1", "2"], ["3", "4"]]);
  assert.deepEqual(cellsOfBlock('"a ""b""\nc"\t1\r\n'), [['a "b"\nc', "1"]]);
  assert.deepEqual(cellsOfBlock("1\r\n\r\n3"), [["1"], [""], ["3"]]);
  assert.equal(textOfBlock([["1", ""], ["3", "4"]]), "1\t\r\n3\t4");
});

test("a single figure is no block, also with the break a spreadsheet puts behind it", () => {
  assert.equal(isBlock("6.73\r\n"), false);
  assert.equal(isBlock("6.73\r\n3.5\r\n"), true);
  assert.equal(isBlock("a\t1"), true);
});

test("a block goes where it is put and erases nothing it does not cover", () => {
  const found = plan([["1", ""], ["", "3.5"]], grid([["9", "9", "9"], ["9", "1", "8"], ["9", "8", "3.5"]]), at(1, 1));
  assert.deepEqual(found.changes, []);
  assert.deepEqual([found.same, found.empty], [2, 2]);
  assert.deepEqual(plan([["1", "2"]], grid([["", "x"]]), at(0, 0)).changes, [{ row: 0, column: 0, text: "1" }, { row: 0, column: 1, text: "2" }]);
});

test("what is no number here is refused by its place in the block, the rest goes in", () => {
  const found = plan([["1,234.5"], ["1.234"], ["2"], ["-"], ["5"]], grid([[""], [""], [""], [""], ["locked"]]), at(0, 0));
  assert.deepEqual(found.changes, [{ row: 2, column: 0, text: "2" }]);
  assert.deepEqual(found.refused.map((r) => [r.line, r.place, r.reason]), [[1, 1, "number"], [2, 1, "decimals"], [4, 1, "number"], [5, 1, "locked"]]);
});

test("figures beyond the last row or column are refused by their place", () => {
  const found = plan([["1", "2"], ["3", "4"]], grid([["", ""], ["", ""]]), at(1, 1));
  assert.deepEqual(found.changes, [{ row: 1, column: 1, text: "1" }]);
  assert.deepEqual(found.refused.map((r) => [r.line, r.place, r.reason]), [[1, 2, "beside"], [2, 1, "below"], [2, 2, "below"]]);
});

test("named rows find their place in either language, by code, in any order", () => {
  const found = plan([["地区2", "3"], ["Region 0", "1"], ["110001", "2"], ["Nowhere", "9"]], grid([[""], [""], [""]]), at(1, 0));
  assert.deepEqual(found.changes.map((c) => [c.row, c.text]), [[2, "3"], [0, "1"], [1, "2"]]);
  assert.deepEqual(found.refused.map((r) => [r.name, r.reason]), [["Nowhere", "name"]]);
});

test("a head of periods says which column a figure belongs to", () => {
  const found = plan([["", "2023", "2021", "2019"], ["Region 1", "3", "1", "9"]], grid([["", "", ""], ["", "", ""]]), at(0, 0));
  assert.deepEqual(found.changes, [{ row: 1, column: 2, text: "3" }, { row: 1, column: 0, text: "1" }]);
  assert.deepEqual(found.refused.map((r) => [r.line, r.place, r.reason]), [[2, 4, "period"]]);
});

test("figures that look like a head or like names are figures", () => {
  const head = plan([["2020", "2021"], ["1", "2"]], grid([["", ""], ["", ""]], ["2023", "2024"]), at(0, 0));
  assert.deepEqual(head.changes.map((c) => c.text), ["2020", "2021", "1", "2"]);
  const names = plan([["5", "6"], ["7", "8"]], grid([["", ""], ["", ""]]), at(0, 0));
  assert.equal(names.changes.length, 4);
});
