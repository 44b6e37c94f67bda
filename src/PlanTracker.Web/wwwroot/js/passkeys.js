// Passkeys: the server asks, the device answers once its owner has unlocked it. Forms for them are hidden where the browser cannot do it.

/** Whether a browser reads what the server asks, in JSON. */
export function able(credentials) {
  return typeof credentials?.parseCreationOptionsFromJSON === "function" && typeof credentials.parseRequestOptionsFromJSON === "function";
}

/** Which of the form's sentences tells what went wrong. */
export function reason(error) {
  // Also for whoever waits too long: a page is not told which.
  if (error.name === "NotAllowedError" || error.name === "AbortError") return "cancelled";
  return error.name === "InvalidStateError" ? "taken" : "failed";
}

const ways = {
  create: async (asked) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) }),
  get: async (asked) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) }),
};

/** What the server asks; or its refusal, as a sentence of the page it sends. */
async function begin(form) {
  const answer = await fetch(form.dataset.begin, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (answer.headers.get("Content-Type")?.startsWith("application/json")) return { asked: await answer.json() };
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { refusal: page.querySelector("main .notice-error")?.textContent.trim().replace(/\s+/g, " ") };
}

async function send(form, say) {
  const { asked, refusal } = await begin(form);
  if (!asked) {
    say(refusal ?? "failed");
    return;
  }
  form.elements.credential.value = JSON.stringify(await ways[form.dataset.passkey](asked));
  // They have done their work.
  for (const secret of form.querySelectorAll("[name=password], [name=code]")) secret.value = "";
  form.submit();
}

function enhance(form) {
  const line = form.querySelector("[data-said]");
  const button = form.querySelector("button[type=submit]");
  const say = (what) => {
    line.textContent = line.dataset[what] ?? what;
    line.hidden = false;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.hasAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    line.hidden = true;
    try {
      await send(form, say);
    } catch (error) {
      say(reason(error));
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
  form.hidden = false;
}

if (typeof document !== "undefined" && able(globalThis.PublicKeyCredential)) {
  for (const form of document.querySelectorAll("form[data-passkey]")) enhance(form);
  for (const note of document.querySelectorAll("[data-no-passkeys]")) note.hidden = true;
}
