import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, readNumber } from "../../src/PlanTracker.Web/wwwroot/js/number.js";

test("an empty cell is missing and zero is a number", () => {
  assert.equal(readNumber("", 1).kind, "empty");
  assert.equal(readNumber("0", 1).kind, "number");
  assert.equal(readNumber("0.0", 1).kind, "number");
});

test("a number is an optional minus, digits and one point", () => {
  for (const text of ["58.4", "-2", "-0.5", "12", "007"]) assert.equal(readNumber(text, 1).kind, "number", text);
});

test("everything else is refused and never repaired", () => {
  const refused = [
    "1,5", "1.234,5", "1,234", "５８", "1e3", "12%", "5-", "(5)", "+5", "NaN", "Infinity", ".5", "--5", "1.2.3",
    " 5", "5 ", "5\n", " ", "−5", "0x10", "五", "1_000", "٣",
  ];
  for (const text of refused) {
    assert.deepEqual(readNumber(text, 10), { kind: "error", reason: "number" }, JSON.stringify(text));
  }
});

test("a decimal more than the column has is refused, not rounded", () => {
  assert.equal(readNumber("71.2", 1).kind, "number");
  assert.deepEqual(readNumber("71.25", 1), { kind: "error", reason: "decimals" });
  assert.deepEqual(readNumber("71.20", 1), { kind: "error", reason: "decimals" });
  assert.deepEqual(readNumber("71.0", 0), { kind: "error", reason: "decimals" });
  assert.equal(readNumber("0.1234567890", 10).kind, "number");
});

test("more digits than can be kept exactly are refused", () => {
  assert.equal(readNumber("1234567890123456", 0).kind, "number");
  assert.equal(readNumber("00001234567890123456", 0).kind, "number");
  assert.deepEqual(readNumber("12345678901234567", 0), { kind: "error", reason: "long" });
  assert.deepEqual(readNumber("0.12345678901", 12), { kind: "error", reason: "decimals" });
});

test("a number that is still being typed is not an error yet", () => {
  for (const text of ["-", "5.", "-5."]) assert.equal(readNumber(text, 1).kind, "unfinished", text);
});

test("a message names the value and the limit, and leaves unknown names alone", () => {
  assert.equal(fill("“{value}” takes {decimals}. {other}", { value: "$&", decimals: 1 }), "“$&” takes 1. {other}");
});
