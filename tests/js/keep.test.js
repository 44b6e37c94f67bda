import assert from "node:assert/strict";
import { test } from "node:test";
import { sender, store } from "../../src/PlanTracker.Web/wwwroot/js/grid/keep.js";

const storage = () => {
  const kept = {};
  Object.defineProperties(kept, {
    setItem: { value: (k, v) => { kept[k] = v; } },
    getItem: { value: (k) => kept[k] ?? null },
    removeItem: { value: (k) => { delete kept[k]; } },
  });
  return kept;
};

const answers = (...list) => {
  const asked = [];
  globalThis.fetch = async (_, { body }) => {
    const cells = JSON.parse(body);
    asked.push(cells);
    const answer = list.length > 1 ? list.shift() : list[0];
    if (answer instanceof Error) throw answer;
    return answer(cells);
  };
  return asked;
};
const ok = (cells) => ({ ok: true, status: 200, json: async () => cells.map((c) => ({ cell: c, outcome: "saved" })) });
const box = (told = [], answered = []) => sender({
  address: "/drafts", token: "t", wait: 1, message: (cell) => cell, answered: (cell) => answered.push(cell), told: (s) => told.push(s),
});

test("what one person has typed is not shown to another, nor to another plan", () => {
  const all = storage();
  store("ann", "p", all).put("I13|CN|2024", { text: "15.5" });
  assert.deepEqual(store("ann", "p", all).all(), [["I13|CN|2024", { text: "15.5" }]]);
  assert.deepEqual(store("bob", "p", all).all(), []);
  assert.deepEqual(store("ann", "q", all).all(), []);
  store("ann", "p", all).remove("I13|CN|2024");
  assert.deepEqual(store("ann", "p", all).all(), []);
});

test("a full or forbidden storage stops nothing", () => {
  const broken = { setItem() { throw new Error("full"); }, getItem() { throw new Error("no"); } };
  assert.doesNotThrow(() => store("ann", "p", broken).put("x", {}));
});

test("a lost connection keeps everything for the next try", async () => {
  const told = [];
  const answered = [];
  const asked = answers(new Error("offline"), ok);
  const outbox = box(told, answered);
  outbox.add("a");
  outbox.add("b");
  assert.equal(await outbox.flush(), false);
  assert.equal(told.at(-1), "offline");
  assert.equal(outbox.count, 2);
  assert.equal(await outbox.flush(), true);
  assert.deepEqual(asked, [["a", "b"], ["a", "b"]]);
  assert.deepEqual(answered, ["a", "b"]);
  assert.equal(told.at(-1), "idle");
});

test("an ended session is told apart from a lost connection, and nothing is dropped", async () => {
  const told = [];
  answers(() => ({ type: "opaqueredirect", status: 0, ok: false }));
  const outbox = box(told);
  outbox.add("a");
  assert.equal(await outbox.flush(), false);
  assert.equal(told.at(-1), "signed-out");
  assert.equal(outbox.count, 1);
});

test("many cells go in several batches", async () => {
  const asked = answers(ok);
  const outbox = box();
  for (let i = 0; i < 1200; i++) outbox.add(i);
  assert.equal(await outbox.flush(), true);
  assert.deepEqual(asked.map((cells) => cells.length), [500, 500, 200]);
});
