// A form is sent once. The button keeps its name and value, so it is not disabled but refused.

export function sendOnce(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    mark(form, true);
  });
  // Coming back with the browser's Back button shows the page as it was left.
  window.addEventListener("pageshow", () => {
    sent = false;
    mark(form, false);
  });
}

function mark(form, busy) {
  for (const button of form.querySelectorAll("button[type=submit]")) {
    if (busy) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

for (const form of document.querySelectorAll("form")) {
  if (form.method === "post") sendOnce(form);
}
