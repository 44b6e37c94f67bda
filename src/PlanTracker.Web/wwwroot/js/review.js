// The review queue works without this. With it, it goes by keyboard: arrows, Space, A and R.

function enhance(form) {
  const boxes = [...form.querySelectorAll("input[type=checkbox]:enabled")];
  const reason = form.querySelector("textarea");
  const button = (decision) => form.querySelector(`button[value=${decision}]`);

  /** Keys act on what is chosen, or on the line one is in. */
  const chosen = (box) => {
    if (!boxes.some((b) => b.checked)) box.checked = true;
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
}

for (const form of document.querySelectorAll("form[data-review]")) enhance(form);
