import assert from "node:assert/strict";
import { test } from "node:test";
import { able, reason } from "../../src/PlanTracker.Web/wwwroot/js/passkeys.js";

test("a browser that does not read the server's JSON is left alone", () => {
  assert.equal(able(undefined), false);
  assert.equal(able({ parseCreationOptionsFromJSON() {} }), false);
  assert.equal(able({ parseCreationOptionsFromJSON() {}, parseRequestOptionsFromJSON() {} }), true);
});

test("what went wrong has its own sentence", () => {
  assert.equal(reason({ name: "NotAllowedError" }), "cancelled");
  assert.equal(reason({ name: "InvalidStateError" }), "taken");
  assert.equal(reason({ name: "SecurityError" }), "failed");
  assert.equal(reason(new TypeError("network")), "failed");
});
