import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, said } from "../../src/PlanTracker.Web/wwwroot/js/imports.js";

test("a size is told in the unit people read", () => {
  assert.equal(bytes(512), "512 B");
  assert.equal(bytes(20480), "20 kB");
  assert.equal(bytes(12345678), "11.8 MB");
});

test("progress in bytes and in rows fills its pattern", () => {
  assert.equal(said("{done} of {all}; {rows}", { unit: "bytes", done: 1 << 20, all: 4 << 20, rows: 12000 }), "1.0 MB of 4.0 MB; 12,000");
  assert.equal(said("{done} / {all}", { unit: "rows", done: 5000, all: 20000, rows: 5000 }), "5,000 / 20,000");
});

test("an end that is not known is not made up", () => {
  assert.equal(said("{done} of {all}", { unit: "rows", done: 3, all: null, rows: 3 }), "3 of …");
});
