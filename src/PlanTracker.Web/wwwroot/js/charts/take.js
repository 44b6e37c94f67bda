// Taking a chart away: its table as CSV or into a spreadsheet, its drawing as an image.

import { wrapTo } from "./table.js";
import { font } from "./theme.js";

const words = document.documentElement.lang.startsWith("zh")
  ? { image: "图片（PNG）", csv: "表格（CSV）", copy: "复制表格", copied: "已复制", refused: "浏览器未允许复制" }
  : { image: "Image (PNG)", csv: "Table (CSV)", copy: "Copy table", copied: "Copied", refused: "The browser does not allow it" };

/** What stands in a cell, as a program reads it: a figure without its thousands separators, words as they are. */
export const plain = (cell) =>
  cell.value === null || cell.value === "" ? cell.text : cell.text.replaceAll(",", "").replace("−", "-");

/** The table as rows of plain text, its headings first. */
export const rowsOf = ({ heads, rows }) => [heads.map((h) => h.text), ...rows.map((row) => row.cells.map(plain))];

/** RFC 4180. A text that a spreadsheet would run as a formula is kept a text. */
export function csv(rows) {
  const safe = (text) => (/^[=+@\t\r-]/.test(text) && !/^-?[0-9.]+$/.test(text) ? `'${text}` : text);
  const field = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map((text) => field(safe(text))).join(",")).join("\r\n") + "\r\n";
}

/** Cells between tabs, for pasting. */
export const tabbed = (rows) => rows.map((row) => row.map((text) => text.replace(/[\t\r\n]+/g, " ")).join("\t")).join("\n");

/** Buttons under a chart. `shoot` hands over the chart's canvas in the colours of paper. */
export function addTools(figure, cells, shoot) {
  const foot = figure.querySelector(".chart-foot");
  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-link";
    made.textContent = text;
    made.addEventListener("click", () => act(made));
    foot.append(made);
  };
  const name = `${location.pathname.split("/")[3] ?? "plan"}-${figure.dataset.file ?? "chart"}`;

  button(words.image, () => shoot((canvas, theme) => picture(figure, canvas, theme).toBlob((blob) => save(blob, `${name}.png`))));
  // The mark at the start lets a spreadsheet read the Chinese as it is.
  button(words.csv, () => save(new Blob(["\ufeff", csv(rowsOf(cells))], { type: "text/csv;charset=utf-8" }), `${name}.csv`));
  // A browser gives the clipboard to secure addresses only.
  if (navigator.clipboard)
    button(words.copy, async (made) => {
      const done = await navigator.clipboard.writeText(tabbed(rowsOf(cells))).then(() => true, () => false);
      made.textContent = done ? words.copied : words.refused;
      setTimeout(() => (made.textContent = words.copy), 2000);
    });
}

/** The drawing between its finding and the address it comes from. */
function picture(figure, canvas, theme) {
  const scale = canvas.width / canvas.clientWidth;
  const margin = theme.size * 1.5;
  const width = canvas.clientWidth + margin * 2;
  const made = document.createElement("canvas");
  const context = made.getContext("2d");
  const measured = (weight) => (text) => {
    context.font = font(theme, weight);
    return context.measureText(text).width;
  };
  const caption = figure.querySelector("figcaption").textContent.replace(/\s+/g, " ").trim();
  const title = wrapTo(caption, width - margin * 2, measured(600));
  const foot = wrapTo(`${document.title} · ${location.href}`, width - margin * 2, measured(400));
  const leading = theme.size * 1.5;
  const height = margin * 2.5 + (title.length + foot.length) * leading + canvas.clientHeight;

  made.width = Math.round(width * scale);
  made.height = Math.round(height * scale);
  context.scale(scale, scale);
  context.fillStyle = theme.ground;
  context.fillRect(0, 0, width, height);
  context.textBaseline = "top";
  const write = (lines, top, weight, colour) => {
    context.font = font(theme, weight);
    context.fillStyle = colour;
    lines.forEach((text, i) => context.fillText(text, margin, top + i * leading));
  };
  write(title, margin, 600, theme.ink);
  const under = margin * 1.5 + title.length * leading;
  context.drawImage(canvas, margin, under, canvas.clientWidth, canvas.clientHeight);
  write(foot, under + canvas.clientHeight + margin / 2, 400, theme.quiet);
  return made;
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
