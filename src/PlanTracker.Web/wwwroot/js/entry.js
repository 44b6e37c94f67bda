// The entry form works without this. With it, a cell says at once that it is unsent or not a number,
// Enter and the arrows move along a column, and unsent changes are not lost by leaving the page.

import { fill, readNumber } from "./number.js";
import { takeBlocks } from "./paste.js";

function enhance(form) {
  const inputs = [...form.querySelectorAll(".cell-input:not([readonly])")];
  for (const input of inputs) {
    const cell = input.closest(".cell");
    const before = remember(cell);
    input.addEventListener("input", () => show(form, cell, input, before, false));
    input.addEventListener("change", () => show(form, cell, input, before, true));
    input.addEventListener("keydown", (event) => move(event, cell, input));
  }

  takeBlocks(form);

  let sending = false;
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    sending = true;
  });
  window.addEventListener("pageshow", () => {
    sending = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && inputs.some(isUnsent)) event.preventDefault();
  });
}

// A cell the server refused is unsent too, though its text is what the server wrote back.
const isUnsent = (input) => ["unsaved", "error"].includes(input.closest(".cell").dataset.state);

/** How the server drew the cell, to return to when its own value is typed again. */
function remember(cell) {
  return {
    state: cell.dataset.state,
    word: cell.querySelector(".cell-state")?.textContent ?? "",
    error: cell.querySelector(".cell-error")?.textContent ?? "",
  };
}

function show(form, cell, input, before, finished) {
  write(cell, input, input.value === input.defaultValue ? before : judged(form, input, finished));
}

function judged(form, input, finished) {
  const decimals = Number(input.dataset.decimals ?? 0);
  const { kind, reason } = readNumber(input.value.trim(), decimals);
  if (kind !== "error" && !(kind === "unfinished" && finished)) {
    return { state: "unsaved", word: form.dataset.wordUnsaved, error: "" };
  }
  const { messageNumber, messageLong, messageDecimals } = form.dataset;
  const message = { number: messageNumber, long: messageLong, decimals: messageDecimals }[reason];
  return { state: "error", word: form.dataset.wordError, error: fill(message ?? "", { value: input.value, decimals }) };
}

function write(cell, input, { state, word, error }) {
  cell.dataset.state = state;
  const mark = cell.querySelector(".cell-state");
  if (mark) mark.textContent = word ?? "";

  const place = cell.querySelector(".cell-error") ?? errorPlace(cell, input);
  place.textContent = error;
  place.hidden = error === "";

  if (state === "error") input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  const about = [cell.querySelector(".cell-before")?.id, error === "" ? null : place.id].filter(Boolean);
  if (about.length > 0) input.setAttribute("aria-describedby", about.join(" "));
  else input.removeAttribute("aria-describedby");
}

function errorPlace(cell, input) {
  const place = document.createElement("span");
  place.className = "cell-error";
  place.id = `${input.id}-error`;
  cell.append(place);
  return place;
}

function move(event, cell, input) {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && input.value !== input.defaultValue) {
    event.preventDefault();
    input.value = input.defaultValue;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  const down = event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey);
  const up = event.key === "ArrowUp" || (event.key === "Enter" && event.shiftKey);
  if (!down && !up) return;
  event.preventDefault();
  const next = neighbour(cell, down ? "nextElementSibling" : "previousElementSibling");
  if (next === null) return;
  next.focus();
  next.select();
}

/** The next input of the same column that can be typed in. */
function neighbour(cell, direction) {
  for (let row = cell.parentElement[direction]; row !== null; row = row[direction]) {
    const input = row.cells[cell.cellIndex]?.querySelector(".cell-input:not([readonly])");
    if (input) return input;
  }
  return null;
}

for (const form of document.querySelectorAll("form[data-entry]")) enhance(form);
