import assert from "node:assert/strict";
import { test } from "node:test";
import {
  moved, niceStep, spread, valueBounds, valueTicks, yearBounds, yearTicks,
} from "../../src/PlanTracker.Web/wwwroot/js/charts/scale.js";

test("steps are 1, 2 or 5 times a power of ten", () => {
  assert.deepEqual([0.11, 0.3, 1, 1.2, 7, 230].map(niceStep), [0.2, 0.5, 1, 2, 10, 500]);
  assert.equal(niceStep(0), 1);
});

test("zero is the start when values come near it, and only then", () => {
  assert.deepEqual(valueBounds([15, 72.1]), { min: 0, max: 80, step: 20 });
  assert.deepEqual(valueBounds([85, 95]), { min: 80, max: 100, step: 5 });
});

test("a limit of the quantity is never passed and never stretched to", () => {
  assert.deepEqual(valueBounds([82.13, 99.4], { min: 0, max: 100 }).max, 100);
  assert.equal(valueBounds([15, 72.1], { min: 0, max: 100 }).max, 80);
  assert.equal(valueBounds([0.2, 0.9], { min: 0 }).min, 0);
});

test("a value outside its stated limits is shown all the same", () => {
  assert.ok(valueBounds([50, 104], { max: 100 }).max > 104);
  assert.ok(valueBounds([-3, 5], { min: 0 }).min < -3);
});

test("an axis that ends between two steps is still counted in whole steps", () => {
  assert.deepEqual(valueTicks({ min: 0, max: 13035.6, step: 5000 }), [0, 5000, 10000]);
  assert.deepEqual(valueTicks({ min: 0, max: 0.6, step: 0.2 }), [0, 0.2, 0.4, 0.6]);
  assert.deepEqual(valueTicks({ min: -15, max: 10, step: 10 }), [-10, 0, 10]);
});

test("one value, negative values and no value have an axis too", () => {
  for (const values of [[7], [0], [-5, -1], [4.62, 4.62]]) {
    const { min, max, step } = valueBounds(values);
    assert.ok(min <= Math.min(...values) && max >= Math.max(...values) && max > min && step > 0, `${values}`);
  }
  assert.deepEqual(valueBounds([]), { min: 0, max: 1, step: 1 });
});

test("the time axis covers whole years", () => {
  assert.deepEqual(yearBounds([2020, 2022.5, 2024.917]), { min: 2020, max: 2025 });
  assert.deepEqual(yearBounds([2023]), { min: 2022, max: 2024 });
});

test("year labels keep their distance and include the last year", () => {
  assert.deepEqual(yearTicks({ min: 2020, max: 2025 }, 600, 45), [2020, 2021, 2022, 2023, 2024, 2025]);
  assert.deepEqual(yearTicks({ min: 2020, max: 2025 }, 150, 45), [2021, 2023, 2025]);
  assert.deepEqual(yearTicks({ min: 2011, max: 2023 }, 200, 45), [2011, 2014, 2017, 2020, 2023]);
});

test("labels that do not touch stay where they are", () => {
  assert.deepEqual(spread([10, 100, 50], 15, 0, 200), [10, 100, 50]);
});

test("labels that touch move apart by the gap, in their order, inside the area", () => {
  for (const positions of [[50, 52], [52, 50], [1, 2, 3], [199, 198, 150], [80, 80, 80]]) {
    const placed = spread(positions, 15, 0, 200);
    const sorted = [...placed].sort((a, b) => a - b);
    for (let i = 1; i < sorted.length; i++) assert.ok(sorted[i] - sorted[i - 1] >= 15 - 1e-9, `${positions}: ${placed}`);
    assert.ok(sorted[0] >= 0 && sorted.at(-1) <= 200, `${positions}: ${placed}`);
  }
  const [lower, upper] = spread([52, 50], 15, 0, 200);
  assert.ok(lower > upper);
});

test("arrows walk the points and stop at the ends", () => {
  assert.equal(moved(-1, "ArrowRight", 4), 0);
  assert.equal(moved(-1, "ArrowLeft", 4), 3);
  assert.equal(moved(1, "ArrowDown", 4), 2);
  assert.equal(moved(3, "ArrowRight", 4), 3);
  assert.equal(moved(0, "ArrowUp", 4), 0);
  assert.equal(moved(2, "Home", 4), 0);
  assert.equal(moved(2, "End", 4), 3);
  assert.equal(moved(2, "a", 4), 2);
  assert.equal(moved(0, "ArrowRight", 0), -1);
});

test("an axis is labelled at whole steps only, also when it ends between two", () => {
  assert.deepEqual(valueTicks({ min: 0, max: 13035.6, step: 5000 }), [0, 5000, 10000]);
  assert.deepEqual(valueTicks({ min: -0.2, max: 0.3, step: 0.1 }), [-0.2, -0.1, 0, 0.1, 0.2, 0.3]);
});
