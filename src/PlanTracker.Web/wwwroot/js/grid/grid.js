// The entry grid works without this. With it, every figure is checked while it is typed and kept as a draft at once, whole blocks are copied and
// pasted, and nothing is lost with the connection, the session or the tab.

import { cellsOfBlock, isBlock, plan, textOfBlock } from "./block.js";
import { cellOf, decimalsOf, describe, faultOf, messageOf, questionsOf, sameContent, saysNone, show } from "./cell.js";
import { history } from "./history.js";
import { inspector } from "./inspector.js";
import { sender, store } from "./keep.js";
import { askToPaste } from "./paste.js";
import { askedAboutSum } from "./sums.js";
import { t } from "../words.js";

const nothing = { state: "empty", word: t("Empty", "空") };

function enhance(form) {
  const table = form.querySelector("table.grid");
  const body = table.tBodies[0];
  const kept = store(form.dataset.person, form.dataset.plan);
  const cells = new WeakMap();
  const touched = new Set();
  let connection = "idle";
  let chosen = null;

  const cellFor = (input) => {
    if (!cells.has(input)) cells.set(input, cellOf(input));
    return cells.get(input);
  };
  const cellAt = (td) => cellFor(td.firstElementChild);
  const rows = () => body.rows;
  const firstColumn = [...table.tHead.rows[0].cells].findIndex((th) => th.dataset.period !== undefined);
  const at = (row, column) => rows()[row]?.cells[firstColumn + column]?.querySelector("input") ?? null;
  const placeOf = (td) => ({ row: td.parentElement.sectionRowIndex, column: td.cellIndex - firstColumn });
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

  /** Says what is to be said about a cell, keeps it in the browser and sends it. */
  function judge(cell, finished) {
    touched.add(cell);
    if (!cell.theirs && sameContent(cell.now, cell.stood)) {
      outbox.drop(cell);
      kept.remove(cell.key);
      cell.asked = cell.own ? questionsOf(cell, cellAt) : [];
      show(cell, cell.asked.length > 0 && cell.now.explanation === "" ? "warning" : cell.own ? "saved" : "drawn");
    } else {
      kept.put(cell.key, { ...cell.now, basedOn: cell.basedOn, draft: cell.draft });
      const fault = faultOf(cell, finished);
      cell.asked = fault ? [] : questionsOf(cell, cellAt);
      if (cell.theirs) show(cell, "conflict", cell.trouble);
      else if (fault) {
        outbox.drop(cell);
        show(cell, "error", fault);
      } else {
        show(cell, "unsaved");
        outbox.add(cell);
      }
    }
    if (panel.cell === cell) panel.show(cell);
  }

  /** The question about the sum of a column stands at one cell of it. */
  function askAboutSum(cell) {
    if (!table.dataset.tolerance || cell.row.dataset.part === undefined) return;
    const asked = askedAboutSum(table, cell.td.cellIndex, cellAt, isEntered);
    for (const other of touched) {
      if (other.td.cellIndex !== cell.td.cellIndex || other.row.dataset.part === undefined) continue;
      const had = other.asked.includes("RegionsDoNotAddUp");
      if (had === (other === asked)) continue;
      other.asked = had ? other.asked.filter((q) => q !== "RegionsDoNotAddUp") : [...other.asked, "RegionsDoNotAddUp"];
      settle(other);
    }
    if (asked && !touched.has(asked)) {
      touched.add(asked);
      asked.asked = [...asked.asked, "RegionsDoNotAddUp"];
      settle(asked);
    }
  }

  /** Shows a cell the server holds as it is: a draft, with or without questions. */
  function settle(cell) {
    if (["saved", "warning", "drawn"].includes(cell.state) || cell.state === cell.mark.state)
      show(cell, cell.asked.length > 0 && cell.now.explanation === "" ? "warning" : cell.own ? "saved" : "drawn");
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
      if (!cell.own) cell.mark = answer.stands ? { state: answer.stands.state, word: answer.stands.word } : nothing;
      cell.stood = { text, kind, note, source, explanation };
      if (same) {
        kept.remove(cell.key);
        cell.asked = [...answer.warnings, ...cell.asked.filter((q) => q === "RegionsDoNotAddUp" && !answer.warnings.includes(q))];
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

  /** After a conflict: mine goes in over theirs, or theirs stays. */
  function take(cell, mine) {
    const { text, status, state, word, basedOn, draft } = cell.theirs;
    cell.theirs = null;
    rename(cell, basedOn, draft);
    if (!mine) {
      cell.own = false;
      cell.stood = { text, kind: status, note: "", source: "", explanation: "" };
      cell.mark = { state, word };
      cell.now = { ...cell.stood };
      cell.input.value = text;
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
    const parts = [];
    const place = form.querySelector("[data-status]");
    place.dataset.connection = connection;
    if (connection === "offline") parts.push(t("No connection: what you typed is kept in this browser and will be sent again", "连接中断：已填内容保存在本浏览器中，将自动重发"));
    else if (connection === "signed-out") parts.push(t("Your session has ended: what you typed is kept in this browser", "登录已过期：已填内容保存在本浏览器中"));
    else if (connection === "refused") parts.push(t("The server did not understand: load the page again, what you typed is kept", "服务器无法处理：请重新载入页面，已填内容仍会保留"));
    else if (connection === "sending" || counts.unsaved > 0) parts.push(t("Saving…", "正在保存…"));
    else if (counts.saved + counts.warning > 0) parts.push(t("Saved as drafts", "已保存为草稿"));
    if (counts.error > 0) parts.push(t(`${counts.error} not accepted`, `${counts.error} 项未接受`));
    if (counts.conflict > 0) parts.push(t(`${counts.conflict} changed by another`, `${counts.conflict} 项被他人修改`));
    if (counts.warning > 0) parts.push(t(`${counts.warning} to be explained`, `${counts.warning} 项待说明`));
    place.textContent = parts.join(" · ");
    if (connection === "signed-out") {
      const again = document.createElement("a");
      again.href = form.dataset.signIn;
      again.target = "_blank";
      again.textContent = t("Sign in in a new tab, then come back here", "在新标签页登录后返回此处");
      place.append(" · ", again);
    }
    form.querySelector("[data-explain]").hidden &&= counts.warning === 0;
  }

  const panel = inspector(form, { change: (cell, patch) => change(cell, patch, { typing: true }), take });

  // --- Moving and choosing ----------------------------------------------------------

  function go(td) {
    if (!td) return false;
    const input = td.querySelector("input");
    if (!input) return false;
    input.focus();
    input.select();
    return true;
  }

  function move(td, rowStep, columnStep) {
    const { row, column } = placeOf(td);
    return go(at(row + rowStep, column + columnStep)?.parentElement);
  }

  /** Enter goes down the column, then to the top of the next, and at last to the button that submits. */
  function onward(td, back) {
    const { column } = placeOf(td);
    if (move(td, back ? -1 : 1, 0)) return;
    if (back) {
      go(at(rows().length - 1, column - 1)?.parentElement);
      return;
    }
    if (!go(at(0, column + 1)?.parentElement)) form.querySelector("[data-submit]").focus();
  }

  function choose(anchor, head) {
    for (const td of body.querySelectorAll("[data-chosen]")) delete td.dataset.chosen;
    chosen = anchor && head && anchor !== head ? { anchor, head } : null;
    for (const line of block()) for (const input of line) input.parentElement.dataset.chosen = "";
  }

  /** Inputs of the chosen block, row by row. */
  function block() {
    if (!chosen) return [];
    const [a, b] = [placeOf(chosen.anchor), placeOf(chosen.head)];
    const [top, bottom] = [Math.min(a.row, b.row), Math.max(a.row, b.row)];
    const [left, right] = [Math.min(a.column, b.column), Math.max(a.column, b.column)];
    return Array.from({ length: bottom - top + 1 }, (_, i) => Array.from({ length: right - left + 1 }, (_, j) => at(top + i, left + j)));
  }

  function extend(td, rowStep, columnStep) {
    const { row, column } = placeOf(chosen?.head ?? td);
    const head = at(row + rowStep, column + columnStep)?.parentElement;
    if (head) {
      choose(chosen?.anchor ?? td, head);
      head.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  function fillDown(td) {
    const lines = block();
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
    changeAll(block().flat().map(cellFor).filter((cell) => !cell.input.readOnly && isEntered(cell)).map((cell) => [cell, cell.own ? { text: "" } : { ...cell.stood }]));
  }

  const atEdge = (input, left) => input.selectionStart === 0 && input.selectionEnd === input.value.length
    || (left ? input.selectionEnd === 0 : input.selectionStart === input.value.length);

  const keys = {
    ArrowUp: (event, td) => (event.shiftKey ? extend(td, -1, 0) : move(td, -1, 0)),
    ArrowDown: (event, td) => (event.shiftKey ? extend(td, 1, 0) : move(td, 1, 0)),
    ArrowLeft: (event, td) => {
      if (event.shiftKey ? !chosen && !atEdge(event.target, true) : !atEdge(event.target, true)) return false;
      event.shiftKey ? extend(td, 0, -1) : move(td, 0, -1);
    },
    ArrowRight: (event, td) => {
      if (event.shiftKey ? !chosen && !atEdge(event.target, false) : !atEdge(event.target, false)) return false;
      event.shiftKey ? extend(td, 0, 1) : move(td, 0, 1);
    },
    Enter: (event, td) => onward(td, event.shiftKey),
    Escape: (event, td) => {
      if (chosen) choose(null, null);
      else change(cellAt(td), { ...cellAt(td).entered });
    },
    Delete: () => (chosen ? empty() : false),
    Backspace: () => (chosen ? empty() : false),
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
    choose(null, null);
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
    choose(active, td);
  });

  body.addEventListener("input", (event) => {
    if (event.target.classList.contains("cell-input")) change(cellFor(event.target), { text: event.target.value.trim() }, { typing: true });
  });

  // --- Blocks -------------------------------------------------------------------

  body.addEventListener("copy", (event) => {
    if (!chosen) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", textOfBlock(block().map((line) => line.map((input) => input.value.trim()))));
  });

  body.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const td = event.target.closest("td.cell");
    if (!td || !isBlock(text)) return;
    event.preventDefault();
    const found = plan(cellsOfBlock(text), {
      rows: [...rows()].map((row) => ({ names: row.dataset.names.toLowerCase().split("|"), decimals: decimalsOf(row) })),
      columns: [...table.tHead.rows[0].cells].slice(firstColumn).map((th) => th.dataset.period),
      value: (row, column) => at(row, column).value.trim(),
      locked: (row, column) => at(row, column).readOnly,
    }, placeOf(chosen ? block()[0][0].parentElement : td));
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
    if (input.dataset.draft === "own" || input.dataset.stood !== undefined) judge(cellFor(input), true);
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
  if (first?.classList.contains("cell-input")) go(first.parentElement);
}

for (const form of document.querySelectorAll("form[data-grid]")) enhance(form);
