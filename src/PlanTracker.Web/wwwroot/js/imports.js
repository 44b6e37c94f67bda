// A file on its way: sent with a bar that tells the truth, then watched while the server works on it.

/** 12345678 as "11.8 MB". */
export function bytes(size) {
  if (size >= 1 << 20) return `${(size / (1 << 20)).toFixed(1)} MB`;
  return size >= 1 << 10 ? `${Math.round(size / (1 << 10))} kB` : `${size} B`;
}

/** What the bar says: a pattern with {done}, {all} and {rows} filled in. */
export function said(pattern, progress) {
  const amount = progress.unit === "bytes" ? bytes : (n) => n.toLocaleString("en");
  return pattern
    .replace("{done}", amount(progress.done))
    .replace("{all}", progress.all === null ? "…" : amount(progress.all))
    .replace("{rows}", progress.rows.toLocaleString("en"));
}

function show(section, progress) {
  const [bar, text] = [section.querySelector("progress"), section.querySelector("[data-said]")];
  if (progress.all) {
    bar.max = progress.all;
    bar.value = progress.done;
  } else {
    bar.removeAttribute("value");
  }
  const pattern = text.getAttribute(`data-${progress.state}-${progress.unit}`);
  if (pattern) text.textContent = said(pattern, progress);
}

async function watch(section) {
  for (;;) {
    try {
      const answer = await fetch(section.dataset.underWay, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) break;
      const progress = await answer.json();
      if (progress.state !== section.dataset.state) break;
      show(section, progress);
    } catch {
      // The server may be starting anew; the work is taken up again then.
    }
    await new Promise((later) => setTimeout(later, 700));
  }
  location.reload();
}

function send(form) {
  const [line, input] = [form.querySelector("[data-progress]"), form.querySelector("input[type=file]")];
  const [bar, text] = [line.querySelector("progress"), line.querySelector("[data-said]")];
  const say = (what) => {
    line.hidden = false;
    text.textContent = what;
  };
  form.addEventListener("submit", (event) => {
    const file = input.files[0];
    if (!file) return;
    event.preventDefault();
    if (form.dataset.sending) return;
    if (file.size > Number(form.dataset.most)) {
      say(`${text.dataset.large} (${bytes(file.size)} ${text.dataset.of} ${bytes(Number(form.dataset.most))})`);
      return;
    }
    form.dataset.sending = "yes";
    const request = new XMLHttpRequest();
    request.open("POST", form.action || location.href);
    request.upload.addEventListener("progress", (step) => {
      [bar.max, bar.value] = [step.total, step.loaded];
      say(step.loaded < step.total ? `${text.dataset.sent} ${bytes(step.loaded)} ${text.dataset.of} ${bytes(step.total)}` : text.dataset.looked);
    });
    request.addEventListener("load", () => {
      if (request.responseURL && request.status < 400) {
        location.assign(request.responseURL);
        return;
      }
      // What was wrong stands on the page that came back.
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const notice = page.querySelector("main .notice-error");
      say(notice ? notice.textContent.trim().replace(/\s+/g, " ") : `${request.status} ${request.statusText}`);
      delete form.dataset.sending;
    });
    request.addEventListener("error", () => {
      say(text.dataset.lost);
      delete form.dataset.sending;
    });
    request.send(new FormData(form));
  });
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}

if (typeof document !== "undefined") {
  for (const section of document.querySelectorAll("[data-under-way]")) watch(section);
  for (const form of document.querySelectorAll("form[data-upload]")) send(form);
}
