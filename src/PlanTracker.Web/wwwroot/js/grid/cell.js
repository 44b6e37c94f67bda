// One cell of the grid: what stood in it when the page was made, what is in it now, and what is to be said about that.

import { readNumber } from "../number.js";
import { ask, exact } from "../rules.js";
import { t } from "../words.js";

const fields = ["text", "kind", "note", "source", "explanation"];

export const sameContent = (a, b) => fields.every((f) => a[f] === b[f]);

const words = {
  unsaved: t("Not sent", "未提交"),
  saving: t("Saving", "正在保存"),
  saved: t("Draft", "草稿"),
  error: t("Not accepted", "未接受"),
  warning: t("To be explained", "待说明"),
  conflict: t("Changed by another", "他人已修改"),
};

/** The cell an input stands for. */
export function cellOf(input) {
  const [, key, basedOn, draft] = input.name.split(":");
  const { kind = "A", note = "", source = "", explanation = "", carried, stands = "", draft: drafted = "", theirs, stood: text = input.defaultValue } = input.dataset;
  const { stoodState = input.parentElement.dataset.state, stoodWord = input.nextElementSibling.textContent } = input.dataset;
  const stood = { text, kind, note, source, explanation };
  const td = input.parentElement;
  return {
    input,
    td,
    row: td.parentElement,
    key,
    basedOn: Number(basedOn),
    draft: Number(draft),
    /** Whether the person's own draft stands here. */
    own: drafted === "own",
    carried: carried === "yes",
    stands,
    stood,
    now: { ...stood, text: input.value.trim() },
    /** How the server draws it without what is typed, to return to. */
    mark: { state: stoodState, word: stoodWord },
    trouble: td.querySelector(".cell-error")?.textContent ?? (theirs ? stands : ""),
    state: td.dataset.state,
    /** What is questioned, by name. */
    asked: [],
    /** What stands instead, after a conflict; also when it came since the draft was begun. */
    theirs: theirs ? JSON.parse(theirs) : null,
  };
}

/** A rule of the row's indicator; in the form of one indicator the table has it. */
const rule = (cell, name) => cell.row.dataset[name] ?? cell.row.parentElement.parentElement.dataset[name] ?? "";

export const decimalsOf = (row) => Number(row.dataset.decimals ?? row.parentElement.parentElement.dataset.decimals ?? 0);

/** A status that says why there is no value. */
export const saysNone = (kind) => ["L", "M", "O", "Q"].includes(kind);

/** Why a cell cannot be sent; empty when it can. A figure that is still being typed is no fault yet. */
export function faultOf(cell, finished) {
  const { text, kind } = cell.now;
  if (text === "") {
    if (saysNone(kind) || cell.own || cell.stood.text === "") return "";
    return t("An empty cell says nothing, and the figure that stands would stay. Put a figure back, or choose a kind that says why there is none.", "空单元格不表示任何内容，现值仍将保留。请填回数值，或选择说明无数据原因的数据性质。");
  }
  const decimals = decimalsOf(cell.row);
  const { kind: reading, reason } = readNumber(text, decimals);
  if (reading === "unfinished" && !finished) return "";
  if (reading !== "number") {
    return {
      number: t(`“${text}” is not a number. Use digits, one point and a minus only.`, `“${text}”不是数字。只用数字、小数点和负号。`),
      long: t(`“${text}” has too many digits before the point.`, `“${text}”整数部分位数过多。`),
      decimals: t(`“${text}” has too many decimals; this indicator takes ${decimals}.`, `“${text}”小数位过多，本指标最多 ${decimals} 位。`),
    }[reason ?? "number"];
  }
  const [min, max] = [rule(cell, "min"), rule(cell, "max")];
  if (min !== "" && exact(text) < exact(min)) return t(`${text} is below the least possible value, ${min}.`, `${text} 低于可能的最小值 ${min}。`);
  if (max !== "" && exact(text) > exact(max)) return t(`${text} is above the greatest possible value, ${max}.`, `${text} 高于可能的最大值 ${max}。`);
  return "";
}

/** The beginning of a figure, such as “6.”: no fault, and nothing to send yet. */
export const isUnfinished = (cell) => readNumber(cell.now.text, decimalsOf(cell.row)).kind === "unfinished";

const isNumber = (text, row) => readNumber(text, decimalsOf(row)).kind === "number";

/** What is questionable about the figure in a cell, from the figure before it in its row. */
export function questionsOf(cell, cellAt) {
  if (!isNumber(cell.now.text, cell.row)) return [];
  let before = cell.row.dataset.before ?? "";
  for (let td = cell.td.previousElementSibling; td?.classList.contains("cell"); td = td.previousElementSibling) {
    const text = cellAt(td).now.text;
    if (isNumber(text, cell.row)) {
      before = text;
      break;
    }
  }
  const rules = { outlier: rule(cell, "outlier") !== "", slip: rule(cell, "slip") !== "", jump: rule(cell, "jump"), cumulative: rule(cell, "cumulative") !== "" };
  return ask(cell.now.text, before, rules, cell.row.dataset);
}

/** Shows a cell in a state. */
export function show(cell, state, trouble = "") {
  const drawn = state === "drawn";
  cell.state = drawn ? cell.mark.state : state;
  cell.trouble = trouble;
  cell.td.dataset.state = cell.state;
  const none = !drawn && cell.now.text === "" && saysNone(cell.now.kind) ? `${document.querySelector(`#cell-kind option[value=${cell.now.kind}]`)?.textContent} · ` : "";
  cell.input.nextElementSibling.textContent = drawn ? cell.mark.word : none + words[state];
  cell.td.querySelector(".cell-error")?.remove();
  if (state === "error" || state === "conflict") cell.input.setAttribute("aria-invalid", "true");
  else cell.input.removeAttribute("aria-invalid");
  describe(cell);
}

/** Says the state of a cell, and what is wrong or questioned, to who does not see it. */
export function describe({ input, trouble, asked }) {
  const word = input.nextElementSibling;
  word.id = `state-${input.id}`;
  input.setAttribute("aria-describedby", [word.id, trouble && "cell-trouble", asked.length > 0 && "cell-questions"].filter(Boolean).join(" "));
}

/** What a cell says that holds what the server says. */
export const contentOf = ({ text, status }) => ({ text, kind: status, note: "", source: "", explanation: "" });

/** What the server takes of a cell. */
export const messageOf = (cell) => ({
  cell: cell.key,
  text: cell.now.text,
  status: cell.now.kind,
  note: cell.now.note,
  source: cell.now.source,
  explanation: cell.now.explanation,
  basedOn: cell.basedOn,
  draft: cell.draft,
});
