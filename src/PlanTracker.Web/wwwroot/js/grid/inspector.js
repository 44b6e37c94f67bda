// Beside the grid: the cell one is in, in full, with what a figure may carry.

import { saysNone } from "./cell.js";

/**
 * @param {HTMLElement} form
 * @param {{change: (cell: object, patch: object) => void, take: (cell: object, mine: boolean) => void}} grid
 */
export function inspector(form, grid) {
  const place = form.querySelector("[data-inspector]");
  const part = (name) => place.querySelector(`[data-${name}]`);
  const fields = [...place.querySelectorAll("[data-field]")];
  let current = null;

  for (const field of fields) {
    field.addEventListener("input", () => current && grid.change(current, patchOf(field)));
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" && !(event.key === "Enter" && !event.isComposing)) return;
      event.preventDefault();
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.querySelector("[data-submit]").click();
      else current?.input.focus();
    });
  }
  for (const name of ["mine", "theirs"]) place.querySelector(`[data-do=${name}]`).addEventListener("click", () => grid.take(current, name === "mine"));

  /** A kind that says why there is no value goes with an empty cell, every other with a figure. */
  function patchOf(field) {
    const patch = { [field.dataset.field]: field.value };
    if (field.dataset.field === "kind" && saysNone(field.value)) patch.text = "";
    return patch;
  }

  /** With its questions this place grows, and must not stand over the cell it speaks of. */
  function uncover(cell) {
    if (document.activeElement !== cell.input) return;
    const covered = cell.td.getBoundingClientRect().bottom - place.getBoundingClientRect().top;
    if (covered > 0) window.scrollBy(0, covered);
  }

  return {
    get cell() {
      return current;
    },
    show(cell) {
      current = cell;
      place.hidden = false;
      part("inspected").textContent = cell.input.getAttribute("aria-label");
      part("says").textContent = cell.stands;
      part("trouble").textContent = cell.trouble;
      const list = part("questions");
      list.hidden = cell.asked.length === 0;
      for (const item of list.children) item.hidden = !cell.asked.includes(item.dataset.question);
      place.querySelector(".inspector-explanation").hidden = cell.asked.length === 0 && cell.now.explanation === "";
      part("choice").hidden = cell.theirs === null;
      part("history").href = cell.input.nextElementSibling.href;
      for (const field of fields) {
        field.disabled = cell.input.readOnly;
        if (field !== document.activeElement) field.value = cell.now[field.dataset.field];
      }
      uncover(cell);
    },
    focus(name = "kind") {
      place.querySelector(`[data-field=${name}]`).focus();
    },
  };
}
