import assert from "node:assert/strict";
import { test } from "node:test";
import { history } from "../../src/PlanTracker.Web/wwwroot/js/grid/history.js";

const sheet = () => {
  const cells = { a: "", b: "" };
  const deeds = history((changes, way) => {
    for (const { cell, [way]: text } of changes) cells[cell] = text;
  });
  const type = (cell, to) => {
    deeds.add([{ cell, from: cells[cell], to }], true);
    cells[cell] = to;
  };
  return { cells, deeds, type };
};

test("a figure typed letter by letter is undone at once", () => {
  const { cells, deeds, type } = sheet();
  for (const text of ["1", "15", "15.5"]) type("a", text);
  deeds.undo();
  assert.equal(cells.a, "");
  deeds.redo();
  assert.equal(cells.a, "15.5");
});

test("what was typed after leaving the cell is a deed of its own", () => {
  const { cells, deeds, type } = sheet();
  type("a", "1");
  deeds.pause();
  type("a", "12");
  deeds.undo();
  assert.equal(cells.a, "1");
});

test("a block is undone as a whole, in order", () => {
  const { cells, deeds, type } = sheet();
  type("b", "9");
  deeds.add([{ cell: "a", from: "", to: "1" }, { cell: "b", from: "9", to: "2" }]);
  Object.assign(cells, { a: "1", b: "2" });
  deeds.undo();
  assert.deepEqual(cells, { a: "", b: "9" });
  deeds.undo();
  assert.deepEqual(cells, { a: "", b: "" });
  assert.equal(deeds.undo(), false);
});

test("a new deed ends what could be done again", () => {
  const { deeds, type } = sheet();
  type("a", "1");
  deeds.undo();
  type("b", "2");
  assert.equal(deeds.canRedo, false);
});
