// Nothing typed is lost: what the server has not taken yet stays in this browser, and is sent again.

const mostAtOnce = 500;
const pauses = [1500, 3000, 6000, 15000, 30000];

/** What one person has typed into the forms of one plan and not sent, by the names of the cells. */
export function store(person, plan, storage = globalThis.localStorage) {
  const prefix = `plantracker/${person}/${plan}/`;
  const safely = (work, otherwise) => {
    try {
      return work();
    } catch {
      return otherwise; // Full or forbidden: sending still works.
    }
  };
  return {
    put: (cell, content) => safely(() => storage.setItem(prefix + cell, JSON.stringify(content))),
    remove: (cell) => safely(() => storage.removeItem(prefix + cell)),
    all: () => safely(() => Object.keys(storage).filter((k) => k.startsWith(prefix)).map((k) => [k.slice(prefix.length), JSON.parse(storage.getItem(k))]), []),
  };
}

/**
 * Sends cells one batch after the other, and again after a failure.
 * @param {object} options
 * @param {string} options.address
 * @param {string} options.token Against forgery.
 * @param {(cell: object) => object} options.message What to send of a cell.
 * @param {(cell: object, answer: object, sent: object) => void} options.answered
 * @param {(state: "idle" | "sending" | "offline" | "signed-out" | "refused") => void} options.told
 */
export function sender({ address, token, message, answered, told, wait = 400 }) {
  const waiting = new Set();
  let timer = null;
  let failures = 0;
  let running = null;

  async function send() {
    clearTimeout(timer);
    timer = null;
    while (waiting.size > 0) {
      const batch = [...waiting].slice(0, mostAtOnce);
      const sent = batch.map(message);
      told("sending");
      const answer = await post(sent);
      if (typeof answer === "string") {
        told(answer);
        if (answer === "offline") timer = setTimeout(flush, pauses[Math.min(failures++, pauses.length - 1)]);
        return false;
      }
      failures = 0;
      batch.forEach((cell, i) => {
        waiting.delete(cell);
        answered(cell, answer[i], sent[i]);
      });
    }
    told("idle");
    return true;
  }

  async function post(cells) {
    try {
      const response = await fetch(address, {
        method: "POST",
        redirect: "manual",
        headers: { "content-type": "application/json", RequestVerificationToken: token },
        body: JSON.stringify(cells),
      });
      if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) return "signed-out";
      if (response.ok) return await response.json();
      return response.status >= 500 || response.status === 429 ? "offline" : "refused";
    } catch {
      return "offline";
    }
  }

  /** Sends all that waits, now. @returns {Promise<boolean>} whether the server has taken all of it. */
  function flush() {
    running ??= send().finally(() => {
      running = null;
    });
    return running;
  }

  return {
    add(cell) {
      waiting.add(cell);
      if (failures > 0) return;
      clearTimeout(timer);
      timer = setTimeout(flush, wait);
    },
    drop: (cell) => waiting.delete(cell),
    async flush() {
      // What came while a batch was on its way goes with the next one.
      for (let i = 0; i < 20 && (running || waiting.size > 0); i++) if (!(await flush())) return false;
      return waiting.size === 0;
    },
    get count() {
      return waiting.size;
    },
  };
}
