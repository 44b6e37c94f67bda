// On "My work": figures that were typed into this browser and never reached the server.

import { element, t } from "../words.js";
import { store } from "./keep.js";

for (const place of document.querySelectorAll("[data-kept]")) {
  const forms = new Map();
  for (const [key] of store(place.dataset.person, place.dataset.plan).all()) {
    const [indicator, , period] = key.split("|");
    const form = `${indicator}?period=${period}`;
    forms.set(form, (forms.get(form) ?? 0) + 1);
  }
  if (forms.size === 0) continue;
  const list = element("ul", "", { className: "names" });
  for (const [form, count] of forms) {
    const line = element("li", "");
    line.append(element("a", form.replace("?period=", t(", ", "，")), { href: `${place.dataset.kept}/${form}` }), ` (${count})`);
    list.append(line);
  }
  place.append(element("p", t("Typed in this browser and not sent yet; open the form to send it:", "以下内容填写于本浏览器，尚未提交；打开表格即可发送：")), list);
  place.hidden = false;
}
