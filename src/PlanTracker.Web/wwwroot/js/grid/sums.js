// Whether the regions on the form add up to the whole.

import { readNumber } from "../number.js";
import { asksAboutSum, exact } from "../rules.js";
import { decimalsOf } from "./cell.js";

/**
 * The cell that is to be asked about the sum of its column: the whole if it is being entered, else the last region that is. None where the figures
 * agree, or one of them is missing.
 */
export function askedAboutSum(table, column, cellAt, isEntered) {
  const tolerance = table.dataset.tolerance ?? "";
  if (tolerance === "") return null;
  const head = table.tHead.rows[0].cells[column];
  if (head.dataset.rest === undefined) return null;
  let sum = exact(head.dataset.rest);
  let whole = head.dataset.whole === undefined ? null : exact(head.dataset.whole);
  let asked = null;
  let askedWhole = null;
  for (const row of table.tBodies[0].rows) {
    if (row.dataset.part === undefined) continue;
    const cell = cellAt(row.cells[column]);
    if (readNumber(cell.now.text, decimalsOf(row)).kind !== "number") return null;
    if (row.dataset.part === "whole") {
      whole = exact(cell.now.text);
      if (isEntered(cell)) askedWhole = cell;
    } else {
      sum += exact(cell.now.text);
      if (isEntered(cell)) asked = cell;
    }
  }
  return whole !== null && asksAboutSum(whole, sum, tolerance) ? askedWhole ?? asked : null;
}
