// A column of figures from a spreadsheet: shown as what it would change before it changes anything.

import { readNumber } from "./number.js";

/** The cells of a copied block, row by row. A spreadsheet quotes a cell that holds a tab, a break or a quotation mark. */
export function cellsOfBlock(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  const endCell = () => {
    rows.at(-1).push(cell.trim());
    cell = "";
  };
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[i + 1] === '"') cell += text[i++];
      else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t") endCell();
    else if (sign === "\n") {
      endCell();
      rows.push([]);
    } else if (sign !== "\r") cell += sign;
  }
  endCell();
  // A copied block ends with a line break.
  if (rows.length > 1 && rows.at(-1).length === 1 && rows.at(-1)[0] === "") rows.pop();
  return rows;
}

/** One figure is typed like any other; a block has more than one cell. */
export const isBlock = (text) => /[\t\n]/.test(text.replace(/\r?\n$/, ""));

/**
 * What a block would do to a column of cells.
 * @param {string[][]} block Rows of the block: figures, or names of rows with a figure each.
 * @param {{names: string[], value: string, decimals: number, locked: boolean}[]} column The cells of the column, from the top.
 * @param {number} start Where the block was put.
 * @returns {{changes: object[], same: number, empty: number, refused: object[], shape: boolean}}
 *   `changes` and `refused` name the cell by its index and the text; `shape` says that the block is no column.
 */
export function plan(block, column, start) {
  const result = { changes: [], same: 0, empty: 0, refused: [], shape: false };
  const named = block.every((row) => row.length === 2);
  if (!named && block.some((row) => row.length !== 1)) return { ...result, shape: true };

  block.forEach((row, i) => {
    const text = row.at(-1);
    const at = named ? column.findIndex((cell) => cell.names.includes(row[0].toLowerCase())) : start + i;
    const cell = column[at];
    const refuse = (reason) => result.refused.push({ at, text, reason, line: i + 1, name: named ? row[0] : "" });
    if (text === "") result.empty++;
    else if (!cell) refuse(named ? "name" : "beyond");
    else if (cell.locked) refuse("locked");
    else {
      const { kind, reason } = readNumber(text, cell.decimals);
      if (kind !== "number") refuse(reason ?? "number");
      else if (text === cell.value) result.same++;
      else result.changes.push({ at, text });
    }
  });
  return result;
}

const chinese = globalThis.document?.documentElement.lang.startsWith("zh") ?? false;
const t = (en, zh) => (chinese ? zh : en);
const reasons = {
  number: t("not a number: digits, one point and a minus only, no thousands separators", "不是数字：只用数字、小数点和负号，不用千位分隔符"),
  long: t("too many digits before the point", "整数部分位数过多"),
  decimals: t("too many decimals", "小数位过多"),
  name: t("no such region here", "此处没有该地区"),
  beyond: t("below the last row", "超出最后一行"),
  locked: t("this cell cannot be changed", "该单元格不可修改"),
};

/** Lets the cells of a form take a copied column. */
export function takeBlocks(form) {
  const inputs = [...form.querySelectorAll(".cell-input")];
  for (const [start, input] of inputs.entries()) {
    input.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!isBlock(text)) return;
      event.preventDefault();
      const column = inputs.map((cell) => ({
        names: (cell.dataset.names ?? "").toLowerCase().split("|"),
        value: cell.value.trim(),
        decimals: Number(cell.dataset.decimals ?? 0),
        locked: cell.readOnly,
      }));
      ask(form, inputs, plan(cellsOfBlock(text), column, start), input);
    });
  }
}

function ask(form, inputs, found, origin) {
  const label = (at) => inputs[at].getAttribute("aria-label");
  const dialog = element("dialog", "", { className: "paste", ariaLabel: t("What pasting would change", "粘贴将带来的变化") });
  const list = (title, items) => {
    if (items.length === 0) return;
    const lines = element("ul", "", { className: "lines lines-dense" });
    lines.append(...items.map((text) => element("li", text)));
    dialog.append(element("h3", title), lines);
  };
  if (found.shape) dialog.append(element("p", t("Copy one column of figures, or two columns: regions and figures.", "请复制一列数值，或两列：地区与数值。")));
  list(t(`${found.changes.length} to change`, `将修改 ${found.changes.length} 项`),
    found.changes.map(({ at, text }) => `${label(at)}: ${inputs[at].value || t("empty", "空")} → ${text}`));
  list(t(`${found.refused.length} not accepted; they stay as they are`, `${found.refused.length} 项未接受，保持原样`),
    found.refused.map(({ at, text, reason, line, name }) => `${inputs[at] ? label(at) : name || t(`line ${line}`, `第 ${line} 行`)}: “${text}” – ${reasons[reason]}`));
  if (found.same + found.empty > 0)
    dialog.append(element("p", t(`${found.same} the same already, ${found.empty} empty in the block: nothing changes there.`, `${found.same} 项相同，${found.empty} 项为空，均不变。`), { className: "quiet" }));

  const actions = element("p", "", { className: "actions" });
  if (found.changes.length > 0) {
    const take = element("button", t("Put them in", "填入"), { type: "button", className: "btn btn-primary" });
    take.addEventListener("click", () => {
      for (const { at, text } of found.changes) {
        inputs[at].value = text;
        inputs[at].dispatchEvent(new Event("input", { bubbles: true }));
      }
      dialog.close();
    });
    actions.append(take);
  }
  const leave = element("button", t("Cancel", "取消"), { type: "button", className: "btn" });
  leave.addEventListener("click", () => dialog.close());
  actions.append(leave);
  dialog.append(actions);
  dialog.addEventListener("close", () => {
    dialog.remove();
    origin.focus();
  });
  form.append(dialog);
  dialog.showModal();
}

const element = (name, text, properties = {}) => Object.assign(document.createElement(name), { textContent: text, ...properties });
