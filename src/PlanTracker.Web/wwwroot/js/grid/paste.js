// A block from a spreadsheet: shown as what it would change before it changes anything.

import { element, t } from "../words.js";

const reasons = {
  number: t("not a number: digits, one point and a minus only, no thousands separators", "不是数字：只用数字、小数点和负号，不用千位分隔符"),
  long: t("too many digits before the point", "整数部分位数过多"),
  decimals: t("too many decimals", "小数位过多"),
  name: t("no such row here", "此处没有该行"),
  below: t("below the last row", "超出最后一行"),
  beside: t("beyond the last column", "超出最后一列"),
  period: t("no such period here", "此处没有该时期"),
  locked: t("this cell cannot be changed", "该单元格不可修改"),
};

const most = 12;

/**
 * Asks whether to put a block in.
 * @param {HTMLElement} form
 * @param {object} found What {@link plan} says about it.
 * @param {{label: (row: number, column: number) => string, value: (row: number, column: number) => string, take: (changes: object[]) => void, leave: () => void}} grid
 */
export function askToPaste(form, found, grid) {
  const dialog = element("dialog", "", { className: "paste" });
  dialog.append(element("h2", t("What pasting would change", "粘贴将带来的变化"), { id: "paste-title" }));
  dialog.setAttribute("aria-labelledby", "paste-title");
  const list = (title, items, line) => {
    if (items.length === 0) return;
    const lines = element("ul", "", { className: "lines lines-dense" });
    lines.append(...items.slice(0, most).map((item) => element("li", line(item))));
    dialog.append(element("h3", title), lines);
    if (items.length <= most) return;
    const rest = element("details", "");
    const others = element("ul", "", { className: "lines lines-dense" });
    others.append(...items.slice(most).map((item) => element("li", line(item))));
    rest.append(element("summary", t(`and ${items.length - most} more`, `另有 ${items.length - most} 项`)), others);
    dialog.append(rest);
  };
  const place = ({ row, column, line, place: at, name }) => {
    const there = t(`row ${line}, column ${at} of the block`, `复制区域第 ${line} 行第 ${at} 列`);
    const here = grid.label(row, column) || name;
    return here ? t(`${here} (${there})`, `${here}（${there}）`) : there;
  };

  list(t(`${found.changes.length} to change`, `将修改 ${found.changes.length} 项`), found.changes,
    ({ row, column, text }) => `${grid.label(row, column)}${t(": ", "：")}${grid.value(row, column) || t("empty", "空")} → ${text}`);
  list(t(`${found.refused.length} not accepted; they stay as they are`, `${found.refused.length} 项未接受，保持原样`), found.refused,
    (refused) => t(`${place(refused)}: “${refused.text}” – ${reasons[refused.reason]}`, `${place(refused)}：“${refused.text}”——${reasons[refused.reason]}`));
  const alike = [
    found.same > 0 && t(`${found.same} the same already`, `${found.same} 项与现值相同`),
    found.empty > 0 && t(`${found.empty} empty in the block`, `复制区域中 ${found.empty} 项为空`),
  ].filter(Boolean);
  if (alike.length > 0) dialog.append(element("p", alike.join(t(", ", "，")) + t(": nothing changes there.", "，均不变。"), { className: "quiet" }));

  const actions = element("p", "", { className: "actions" });
  if (found.changes.length > 0) {
    const take = element("button", t("Put them in", "填入"), { type: "button", className: "btn btn-primary" });
    take.addEventListener("click", () => {
      dialog.close();
      grid.take(found.changes);
    });
    actions.append(take);
  }
  const leave = element("button", t("Cancel", "取消"), { type: "button", className: "btn" });
  leave.addEventListener("click", () => dialog.close());
  actions.append(leave);
  dialog.append(actions);
  dialog.addEventListener("close", () => {
    dialog.remove();
    grid.leave();
  });
  form.append(dialog);
  dialog.showModal();
}
