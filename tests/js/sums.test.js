import assert from "node:assert/strict";
import { test } from "node:test";
import { askedAboutSum } from "../../src/PlanTracker.Web/wwwroot/js/grid/sums.js";

/** A column of the grid: [part of the sum, figure, whether it is being entered]; what is not on the form stands in the head. */
function asked(rows, { tolerance = "0.01", rest = "0", whole } = {}) {
  const cells = rows.map(([, text, entered = false], i) => ({ name: i, entered, now: { text } }));
  const table = {
    dataset: { tolerance },
    tHead: { rows: [{ cells: [{ dataset: { ...(rest === null ? {} : { rest }), whole } }] }] },
    tBodies: [{ rows: rows.map(([part], i) => ({ dataset: { part, decimals: "2" }, cells: [cells[i]] })) }],
  };
  return askedAboutSum(table, 0, (td) => td, (cell) => cell.entered)?.name ?? null;
}

test("regions that add up to the whole, within the tolerance, ask nothing", () => {
  assert.equal(asked([["whole", "100", true], ["part", "60"], ["part", "41"]]), null);
  assert.equal(asked([["whole", "100", true], ["part", "60"], ["part", "41.01"]]), 0);
});

test("the whole is asked if it is entered, else the last region that is", () => {
  assert.equal(asked([["whole", "100", true], ["part", "60", true], ["part", "60"]]), 0);
  assert.equal(asked([["whole", "100"], ["part", "60", true], ["part", "60", true], ["part", "1"]]), 2);
  assert.equal(asked([["whole", "100"], ["part", "60"], ["part", "60"]]), null);
});

test("while a region has no figure, nobody asks", () => {
  assert.equal(asked([["whole", "100", true], ["part", "60"], ["part", ""]]), null);
  assert.equal(asked([["whole", "100", true], ["part", "60"]], { rest: null }), null);
});

test("what is not on the form counts too, and rows that are no part do not", () => {
  assert.equal(asked([["part", "60", true], [undefined, "999"]], { rest: "40", whole: "100" }), null);
  assert.equal(asked([["part", "70", true]], { rest: "40", whole: "100" }), 0);
  assert.equal(asked([["part", "70", true]], { rest: "40", whole: "100", tolerance: "" }), null);
});
