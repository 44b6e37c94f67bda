// One line about the whole form: whether it is kept, and what is still to be done.

import { element, t } from "../words.js";

const connections = {
  offline: t("The server does not answer: what you typed is kept in this browser and will be sent again", "服务器无响应：已填内容保存在本浏览器中，将自动重发"),
  "signed-out": t("Your session has ended: what you typed is kept in this browser", "登录已过期：已填内容保存在本浏览器中"),
  refused: t("The server did not understand: load the page again, what you typed is kept", "服务器无法处理：请重新载入页面，已填内容仍会保留"),
};

/**
 * @param {HTMLElement} place
 * @param {string} connection How sending stands.
 * @param {{unsaved: number, saved: number, error: number, warning: number, conflict: number}} counts Cells by state.
 * @param {string} signIn Where one signs in.
 */
export function tell(place, connection, counts, signIn) {
  const saving = connection === "sending" || counts.unsaved > 0;
  const parts = [
    connections[connection] ?? (saving ? t("Saving…", "正在保存…") : counts.saved + counts.warning > 0 ? t("Saved as drafts", "已保存为草稿") : ""),
    counts.error > 0 ? t(`${counts.error} not accepted`, `${counts.error} 项未接受`) : "",
    counts.conflict > 0 ? t(`${counts.conflict} changed by another`, `${counts.conflict} 项被他人修改`) : "",
    counts.warning > 0 ? t(`${counts.warning} to be explained`, `${counts.warning} 项待说明`) : "",
  ];
  place.dataset.connection = connection;
  place.textContent = parts.filter(Boolean).join(" · ");
  if (connection === "signed-out")
    place.append(" · ", element("a", t("Sign in in a new tab, then come back here", "在新标签页登录后返回此处"), { href: signIn, target: "_blank" }));
}
