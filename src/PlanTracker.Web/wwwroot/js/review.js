// The review queue works without this. With it, it goes by keyboard: arrows, Space, A and R; and after a decision on from where one was.

import { t } from "./words.js";

const line = "review-line";

function enhance(form) {
  const boxes = [...form.querySelectorAll("input[type=checkbox]:enabled")];
  const reason = form.querySelector("textarea");
  const button = (decision) => form.querySelector(`button[value=${decision}]`);

  /** Keys act on what is chosen, or on the line one is in. */
  const chosen = (box) => {
    if (!boxes.some((b) => b.checked)) box.click();
  };
  const go = (box, step) => {
    const next = boxes[boxes.indexOf(box) + step];
    next?.focus();
    next?.closest("tr").scrollIntoView({ block: "nearest" });
  };
  const keys = {
    ArrowDown: (box) => go(box, 1),
    ArrowUp: (box) => go(box, -1),
    a: (box) => {
      chosen(box);
      button("approve").click();
    },
    r: (box) => {
      chosen(box);
      reason.focus();
    },
  };

  form.addEventListener("keydown", (event) => {
    if (event.target === reason && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      button("return").click();
      return;
    }
    const key = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!key || !boxes.includes(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    key(event.target);
  });
  form.querySelector("[data-keys]").hidden = boxes.length === 0;

  const count = () => {
    const chosenNow = boxes.filter((b) => b.checked).length;
    form.querySelector("[data-count]").textContent = chosenNow > 0 ? t(`${chosenNow} chosen`, `已选 ${chosenNow} 项`) : "";
  };
  form.addEventListener("change", count);
  count();

  let last = 0;
  form.addEventListener("focusin", (event) => {
    if (boxes.includes(event.target)) last = boxes.indexOf(event.target);
  });
  form.addEventListener("submit", () => sessionStorage.setItem(line, `${last}`));
  const left = sessionStorage.getItem(line);
  sessionStorage.removeItem(line);
  // A refusal is read first.
  if (left !== null && !document.querySelector(".notice-error")) boxes[Math.min(Number(left), boxes.length - 1)]?.focus();
}

for (const form of document.querySelectorAll("form[data-review]")) enhance(form);
