import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ask, asksAboutSum, exact } from "../../src/PlanTracker.Web/wwwroot/js/rules.js";

const [, ...vectors] = readFileSync(new URL("../vectors/reading-rules.csv", import.meta.url), "utf8").trim().split("\n");

test("the script asks what the server asks", () => {
  assert.ok(vectors.length > 20);
  for (const line of vectors) {
    const [name, value, before, outlier, slip, jump, cumulative, stepLow, stepHigh, growthLow, growthHigh, asked] = line.trimEnd().split(",");
    const rules = { outlier: outlier === "yes", slip: slip === "yes", jump, cumulative: cumulative === "yes" };
    assert.equal(ask(value, before, rules, { stepLow, stepHigh, growthLow, growthHigh }).join(" "), asked, name);
  }
});

test("the regions' sum is compared exactly", () => {
  assert.equal(asksAboutSum(exact("100"), exact("101"), "0.01"), false);
  assert.equal(asksAboutSum(exact("100"), exact("101.0000000001"), "0.01"), true);
  assert.equal(asksAboutSum(exact("100"), exact("500"), ""), false);
});
