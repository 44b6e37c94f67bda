import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document = { documentElement: { lang: "en" } };
const { csv, plain, rowsOf, tabbed } = await import("../../src/PlanTracker.Web/wwwroot/js/charts/take.js");
const { wrapTo } = await import("../../src/PlanTracker.Web/wwwroot/js/charts/table.js");

test("a figure is taken away with the digits that are shown, words as they are", () => {
  assert.equal(plain({ text: "1,092.40", value: "1092.4" }), "1092.40");
  assert.equal(plain({ text: "−3.2", value: "-3.2" }), "-3.2");
  assert.equal(plain({ text: "report, page 3", value: null }), "report, page 3");
  assert.equal(plain({ text: "", value: "" }), "");
});

test("the headings stand above the rows", () => {
  const cells = { heads: [{ text: "Period" }, { text: "Value" }], rows: [{ cells: [{ text: "2023", value: null }, { text: "58.3", value: "58.3" }] }] };
  assert.deepEqual(rowsOf(cells), [["Period", "Value"], ["2023", "58.3"]]);
});

test("a field with a comma or a quotation mark is quoted", () => {
  assert.equal(csv([["a,b", 'say "so"', "plain"]]), '"a,b","say ""so""",plain\r\n');
});

test("a text is never a formula, and a negative figure is no text", () => {
  assert.equal(csv([["=1+1", "-3.2", "-x", "@home"]]), "'=1+1,-3.2,'-x,'@home\r\n");
});

test("a tab in a text does not open a column", () => {
  assert.equal(tabbed([["a\tb", "c"], ["d", "e"]]), "a b\tc\nd\te");
});

test("lines are broken to a width, at spaces where there are any", () => {
  const measure = (text) => text.length;
  assert.deepEqual(wrapTo("one two three", 8, measure), ["one two", "three"]);
  assert.deepEqual(wrapTo("网民规模已达到目标", 4, measure), ["网民规模", "已达到目", "标"]);
  assert.deepEqual(wrapTo("", 4, measure), []);
});
