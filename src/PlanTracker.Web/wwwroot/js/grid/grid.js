// The entry grid works without this. With it, every figure is checked while it is typed and kept as a draft at once, whole blocks are copied and
// pasted, and nothing is lost with the connection, the session or the tab.

import { cellsOfBlock, isBlock, plan, textOfBlock } from "./block.js";
import { cellOf, contentOf, decimalsOf, describe, faultOf, isUnfinished, messageOf, questionsOf, sameContent, saysNone, show } from "./cell.js";
import { choice } from "./choice.js";
import { history } from "./history.js";
import { inspector } from "./inspector.js";
import { sender, store } from "./keep.js";
import { askToPaste } from "./paste.js";
import { places } from "./places.js";
import { tell } from "./status.js";
import { askedAboutSum } from "./sums.js";
import { t } from "../words.js";

const sumQuestion = "RegionsDoNotAddUp";
const nothing = { state: "empty", word: t("Empty", "空") };

function enhance(form) {
  const table = form.querySelector("table.grid");
  const body = table.tBodies[0];
  const kept = store(form.dataset.person, form.dataset.plan);
  const cells = new WeakMap();
  const touched = new Set();
  let connection = "idle";

  const cellFor = (input) => {
    if (!cells.has(input)) cells.set(input, cellOf(input));
    return cells.get(input);
  };
  const cellAt = (td) => cellFor(td.firstElementChild);
  const { at, placeOf, go, move, onward, rows, columns } = places(table);
  const chosen = choice(body, { at, placeOf });
  const isEntered = (cell) => cell.own || !sameContent(cell.now, cell.stood);

  // --- What a change does -------------------------------------------------------

  const deeds = history((changes, way) => {
    for (const change of changes) set(change.cell, change[way], true);
    changes[0].cell.input.focus();
    told();
  });

  /** One change by the person. */
  function change(cell, patch, { typing = false } = {}) {
    const from = { ...cell.now };
    set(cell, completed(cell, patch), !typing || "kind" in patch);
    if (!sameContent(from, cell.now)) deeds.add([{ cell, from, to: { ...cell.now } }], typing);
    told();
  }

  /** Several changes that are undone together. */
  function changeAll(changes) {
    const done = changes.map(([cell, patch]) => {
      const from = { ...cell.now };
      set(cell, completed(cell, patch), true);
      return { cell, from, to: { ...cell.now } };
    }).filter(({ from, to }) => !sameContent(from, to));
    if (done.length > 0) deeds.add(done);
    told();
  }

  /** A new figure leaves the old one's kind and remarks behind, unless it corrects what was returned or drafted. */
  function completed(cell, patch) {
    const now = { ...cell.now, ...patch };
    if (patch.text === undefined || patch.kind !== undefined) return now;
    if (patch.text === cell.stood.text) return { ...cell.stood };
    if (saysNone(now.kind) && patch.text !== "") now.kind = "A";
    if (!cell.carried && sameContent(cell.now, cell.stood)) Object.assign(now, { kind: "A", note: "", source: "", explanation: "" });
    return now;
  }

  function set(cell, now, finished) {
    cell.now = { ...now };
    if (cell.input.value.trim() !== now.text) cell.input.value = now.text;
    judge(cell, finished);
    const next = cell.td.nextElementSibling;
    if (next && cells.has(next.firstElementChild) && isEntered(cellAt(next))) judge(cellAt(next), true);
    askAboutSum(cell);
  }

  /** Says what is to be said about a cell, keeps it in the browser and sends it, once it is more than the beginning of a figure. */
  function judge(cell, finished) {
    touched.add(cell);
    const stands = !cell.theirs && sameContent(cell.now, cell.stood);
    const fault = stands ? "" : faultOf(cell, finished);
    // The question about the column's sum is asked apart.
    cell.asked = fault || (stands && !cell.own) ? [] : [...questionsOf(cell, cellAt), ...cell.asked.filter((q) => q === sumQuestion)];
    if (stands) {
      outbox.drop(cell);
      kept.remove(cell.key);
      show(cell, settled(cell));
    } else {
      kept.put(cell.key, { ...cell.now, basedOn: cell.basedOn, draft: cell.draft });
      show(cell, cell.theirs ? "conflict" : fault ? "error" : "unsaved", cell.theirs ? cell.trouble : fault);
      if (cell.theirs || fault || (isUnfinished(cell) && !finished)) outbox.drop(cell);
      else outbox.add(cell);
    }
    if (panel.cell === cell) panel.show(cell);
  }

  /** The state of a cell that the server holds as it is. */
  const settled = (cell) => (cell.asked.length > 0 && cell.now.explanation === "" ? "warning" : cell.own ? "saved" : "drawn");

  /** The question about the sum of a column stands at one cell of it. */
  function askAboutSum(cell) {
    if (!table.dataset.tolerance || cell.row.dataset.part === undefined) return;
    const asked = askedAboutSum(table, cell.td.cellIndex, cellAt, isEntered);
    for (const other of touched) {
      if (other.td.cellIndex !== cell.td.cellIndex || other.row.dataset.part === undefined) continue;
      const had = other.asked.includes(sumQuestion);
      if (had === (other === asked)) continue;
      other.asked = had ? other.asked.filter((q) => q !== sumQuestion) : [...other.asked, sumQuestion];
      settle(other);
    }
    if (asked && !touched.has(asked)) {
      touched.add(asked);
      asked.asked = [...asked.asked, sumQuestion];
      settle(asked);
    }
  }

  /** Shows a cell the server holds as it is: a draft, with or without questions. */
  function settle(cell) {
    if (["saved", "warning", "drawn"].includes(cell.state) || cell.state === cell.mark.state)
      show(cell, settled(cell));
    if (panel.cell === cell) panel.show(cell);
  }

  // --- Sending --------------------------------------------------------------------

  const outbox = sender({
    address: form.dataset.drafts,
    token: form.elements.namedItem("__RequestVerificationToken").value,
    message: (cell) => {
      show(cell, "saving");
      return messageOf(cell);
    },
    answered,
    told: (state) => {
      connection = state;
      if (state !== "sending" && state !== "idle") for (const cell of touched) if (cell.state === "saving") show(cell, "unsaved");
      told();
    },
  });

  function answered(cell, answer, sent) {
    const { text, status: kind, note, source, explanation } = sent;
    const same = sameContent({ text, kind, note, source, explanation }, cell.now);
    if (answer.outcome === "conflict") {
      cell.theirs = answer.stands;
      show(cell, "conflict", answer.message);
    } else if (answer.outcome === "refused") {
      if (same) show(cell, "error", answer.message);
    } else {
      rename(cell, cell.basedOn, answer.draft);
      cell.own = answer.outcome === "saved";
      cell.carried ||= cell.own;
      cell.stood = { text, kind, note, source, explanation };
      if (!cell.own) cell.mark = answer.stands ? { state: answer.stands.state, word: answer.stands.word } : nothing;
      // Without the draft the cell says again what stands.
      if (same && text === "" && !cell.own && answer.stands) put(cell, contentOf(answer.stands));
      if (same) {
        kept.remove(cell.key);
        cell.asked = [...answer.warnings, ...cell.asked.filter((q) => q === sumQuestion && !answer.warnings.includes(q))];
        cell.state = "saved";
        settle(cell);
      }
    }
    if (!same && answer.outcome !== "conflict") judge(cell, true);
    if (panel.cell === cell) panel.show(cell);
  }

  function rename(cell, basedOn, draft) {
    cell.basedOn = basedOn;
    cell.draft = draft;
    cell.input.name = `cell:${cell.key}:${basedOn}:${draft}`;
  }

  /** Makes a cell say what the server says. */
  function put(cell, content) {
    cell.stood = content;
    cell.now = { ...content };
    cell.input.value = content.text;
  }

  /** After a conflict: mine goes in over theirs, or theirs stays. */
  function take(cell, mine) {
    const { theirs } = cell;
    cell.theirs = null;
    rename(cell, theirs.basedOn, theirs.draft);
    if (mine) {
      // Sent again, on the new ground.
      cell.stood = { ...cell.stood, text: "" };
    } else if (cell.own) {
      // The person's draft goes, and with the answer comes what stands.
      cell.now = contentOf({ text: "", status: "A" });
      cell.input.value = theirs.text;
    } else {
      put(cell, contentOf(theirs));
      cell.mark = { state: theirs.state, word: theirs.word };
    }
    judge(cell, true);
    told();
    cell.input.focus();
  }

  function told() {
    form.querySelector("[data-do=undo]").disabled = !deeds.canUndo;
    form.querySelector("[data-do=redo]").disabled = !deeds.canRedo;
    const counts = { unsaved: 0, error: 0, warning: 0, conflict: 0, saved: 0 };
    for (const cell of touched) if (cell.state in counts) counts[cell.state]++;
    tell(form.querySelector("[data-status]"), connection, counts, form.dataset.signIn);
    form.querySelector("[data-explain]").hidden &&= counts.warning === 0;
  }

  const panel = inspector(form, { change: (cell, patch) => change(cell, patch, { typing: true }), take });

  // --- Moving and choosing ----------------------------------------------------------

  function fillDown(td) {
    const lines = chosen.block();
    const sources = lines.length > 1 ? lines[0] : [at(placeOf(td).row - 1, placeOf(td).column)];
    const targets = lines.length > 1 ? lines.slice(1) : [[td.firstElementChild]];
    const changes = [];
    for (const line of targets) {
      line.forEach((input, j) => {
        const text = sources[j]?.value.trim();
        if (text && !input.readOnly && input.value.trim() !== text) changes.push([cellFor(input), { text }]);
      });
    }
    changeAll(changes);
  }

  /** Empties the person's own drafts in the chosen block; what stands stays. */
  function empty() {
    changeAll(chosen.block().flat().map(cellFor).filter((cell) => !cell.input.readOnly && isEntered(cell)).map((cell) => [cell, cell.own ? { text: "" } : { ...cell.stood }]));
  }

  const atEdge = (input, left) => input.selectionStart === 0 && input.selectionEnd === input.value.length
    || (left ? input.selectionEnd === 0 : input.selectionStart === input.value.length);

  /** Shift chooses; without it one goes. Within a text the arrows move in it. */
  const step = (rowStep, columnStep) => (event, td) => {
    if (columnStep !== 0 && !chosen.any && !atEdge(event.target, columnStep < 0)) return false;
    if (event.shiftKey) chosen.extend(td, rowStep, columnStep);
    else move(td, rowStep, columnStep);
  };
  const keys = {
    ArrowUp: step(-1, 0),
    ArrowDown: step(1, 0),
    ArrowLeft: step(0, -1),
    ArrowRight: step(0, 1),
    Enter: (event, td) => onward(td, event.shiftKey) || event.shiftKey || form.querySelector("[data-submit]").focus(),
    Escape: (event, td) => (chosen.any ? chosen.clear() : change(cellAt(td), { ...cellAt(td).entered })),
    Delete: () => (chosen.any ? empty() : false),
    Backspace: () => (chosen.any ? empty() : false),
  };
  const withControl = {
    z: (event) => (event.shiftKey ? deeds.redo() : deeds.undo()),
    y: () => deeds.redo(),
    d: (event, td) => fillDown(td),
    Enter: () => form.querySelector("[data-submit]").click(),
  };

  body.addEventListener("keydown", (event) => {
    const td = event.target.closest("td.cell");
    if (event.isComposing || !td || event.target !== td.firstElementChild) return;
    if (event.altKey) {
      if (event.key === "Enter") {
        event.preventDefault();
        panel.focus();
      }
      return;
    }
    const key = event.ctrlKey || event.metaKey ? withControl[event.key] ?? withControl[event.key.toLowerCase()] : keys[event.key];
    if (key && key(event, td) !== false) event.preventDefault();
  });

  body.addEventListener("focusin", (event) => {
    const td = event.target.closest("td.cell");
    if (!td || event.target !== td.firstElementChild) return;
    chosen.clear();
    deeds.pause();
    // What Escape brings back.
    cellAt(td).entered = { ...cellAt(td).now };
    describe(cellAt(td));
    panel.show(cellAt(td));
  });

  body.addEventListener("focusout", (event) => {
    const td = event.target.closest("td.cell");
    if (td && event.target === td.firstElementChild && touched.has(cellAt(td)) && cellAt(td).state === "unsaved") judge(cellAt(td), true);
  });

  body.addEventListener("mousedown", (event) => {
    const td = event.target.closest("td.cell");
    const active = document.activeElement?.closest("td.cell");
    if (!event.shiftKey || !td || !active) return;
    event.preventDefault();
    chosen.choose(active, td);
  });

  body.addEventListener("input", (event) => {
    if (event.target.classList.contains("cell-input")) change(cellFor(event.target), { text: event.target.value.trim() }, { typing: true });
  });

  // --- Blocks -------------------------------------------------------------------

  body.addEventListener("copy", (event) => {
    if (!chosen.any) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", textOfBlock(chosen.block().map((line) => line.map((input) => input.value.trim()))));
  });

  body.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const td = event.target.closest("td.cell");
    if (!td || !isBlock(text)) return;
    event.preventDefault();
    const found = plan(cellsOfBlock(text), {
      rows: rows().map((row) => ({ names: row.dataset.names.toLowerCase().split("|"), decimals: decimalsOf(row) })),
      columns: columns(),
      value: (row, column) => at(row, column).value.trim(),
      locked: (row, column) => at(row, column).readOnly,
    }, placeOf(chosen.any ? chosen.block()[0][0].parentElement : td));
    askToPaste(form, found, {
      label: (row, column) => at(row, column)?.getAttribute("aria-label") ?? "",
      value: (row, column) => at(row, column).value.trim(),
      take: (changes) => changeAll(changes.map(({ row, column, text: figure }) => [cellFor(at(row, column)), { text: figure }])),
      leave: () => td.firstElementChild.focus(),
    });
  });

  // --- Submitting ------------------------------------------------------------------

  let ready = false;
  form.addEventListener("submit", async (event) => {
    if (ready) return;
    event.preventDefault();
    // What is still being typed is what is submitted.
    for (const cell of touched) if (cell.state === "unsaved") judge(cell, true);
    const sent = await outbox.flush();
    // A form is not sent again while it is still being told that it was to be sent.
    await new Promise((done) => setTimeout(done));
    told();
    const stuck = [...touched].find((cell) => cell.state === "error" || cell.state === "conflict");
    const open = [...touched].find((cell) => cell.state === "warning");
    if (stuck) go(stuck.td);
    else if (!sent) form.querySelector("[data-status]").scrollIntoView({ block: "nearest" });
    else if (open && form.elements.namedItem("explanation").value.trim() === "") {
      go(open.td);
      panel.focus("explanation");
    } else {
      // What was not entered has nothing to say.
      for (const input of body.querySelectorAll(".cell-input")) input.disabled = !isEntered(cellFor(input));
      ready = true;
      form.requestSubmit(form.querySelector("[data-submit]"));
    }
  }, { capture: true });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    ready = false;
    for (const input of body.querySelectorAll(".cell-input")) input.disabled = false;
  });

  // --- Beginning -------------------------------------------------------------------

  form.querySelector("[data-tools]").hidden = false;
  form.querySelector("[data-save]").hidden = true;
  for (const name of ["undo", "redo"]) form.querySelector(`[data-do=${name}]`).addEventListener("click", () => deeds[name]());
  form.querySelector("[data-do=fill]").addEventListener("click", () => panel.cell && fillDown(panel.cell.td));
  for (const event of ["online", "focus"]) window.addEventListener(event, () => outbox.count > 0 && outbox.flush());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && outbox.count > 0 && outbox.flush());

  const inputs = new Map();
  for (const input of body.querySelectorAll(".cell-input")) {
    inputs.set(input.name.split(":")[1], input);
    // Tab goes from figure to figure; the inspector leads to what stands behind the state.
    input.nextElementSibling.tabIndex = -1;
    if (input.dataset.draft === "own" || input.dataset.stood !== undefined || input.dataset.theirs !== undefined) judge(cellFor(input), true);
  }
  for (const [key, { basedOn, draft, ...now }] of kept.all()) {
    const input = inputs.get(key);
    if (!input || input.readOnly) continue;
    const cell = cellFor(input);
    // What the server has taken meanwhile needs no second sending.
    if (sameContent(now, cell.stood)) kept.remove(key);
    else {
      if (draft < cell.draft && !cell.own) rename(cell, basedOn, draft);
      else rename(cell, Math.min(basedOn, cell.basedOn), cell.draft);
      set(cell, now, true);
    }
  }
  told();
  const first = location.hash ? document.querySelector(location.hash) : inputs.get(form.dataset.first);
  // Whoever was quicker than this script stays where they are: the next key would go into another field.
  if (first?.classList.contains("cell-input") && document.activeElement === document.body) go(first.parentElement);
}

for (const form of document.querySelectorAll("form[data-grid]")) enhance(form);
