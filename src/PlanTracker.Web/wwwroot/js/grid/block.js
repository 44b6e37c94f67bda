// A block copied from or to a spreadsheet.

import { readNumber } from "../number.js";

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

/** Cells as a spreadsheet takes them. */
export const textOfBlock = (rows) => rows.map((row) => row.join("\t")).join("\r\n");

/**
 * What a block would do to a grid. Its first column may hold the names of rows, and its first row those of columns; then each figure goes where it is
 * named, otherwise the block goes where it is put. Empty cells change nothing.
 * @param {string[][]} block
 * @param {{rows: {names: string[], decimals: number}[], columns: string[], value: (row: number, column: number) => string, locked: (row: number, column: number) => boolean}} grid
 * @param {{row: number, column: number}} start Where the block was put.
 * @returns {{changes: object[], same: number, empty: number, refused: object[]}}
 *   `changes` and `refused` name the cell of the grid by row and column where there is one; `refused` also the place in the block, from 1.
 */
export function plan(block, grid, start) {
  const rowOf = (text) => grid.rows.findIndex((row) => row.names.includes(text.toLowerCase()));
  const columnOf = (text) => grid.columns.indexOf(text);
  const heads = block[0].slice(1);
  // 2021 may be a figure; above a column of names it is a period.
  const headed = !isFigure(block[0][0]) && heads.some((text) => columnOf(text) >= 0);
  const body = headed ? block.slice(1) : block;
  const named = body.length > 0 && block[0].length > 1 && body.some((row) => rowOf(row[0]) >= 0) && body.every((row) => row[0] === "" || !isFigure(row[0]));

  const result = { changes: [], same: 0, empty: 0, refused: [] };
  body.forEach((cells, i) => {
    const row = named ? rowOf(cells[0]) : start.row + i;
    cells.slice(named ? 1 : 0).forEach((text, j) => {
      const place = { line: i + 1 + (headed ? 1 : 0), place: j + 1 + (named ? 1 : 0) };
      const column = headed ? columnOf(heads[named ? j : j - 1] ?? "") : start.column + j;
      if (text === "") {
        result.empty++;
        return;
      }
      const refuse = (reason) => result.refused.push({ row, column, text, reason, ...place, name: named ? cells[0] : "" });
      if (named && row < 0) refuse("name");
      else if (row >= grid.rows.length) refuse("below");
      else if (column < 0 || column >= grid.columns.length) refuse(headed ? "period" : "beside");
      else if (grid.locked(row, column)) refuse("locked");
      else {
        const { kind, reason } = readNumber(text, grid.rows[row].decimals);
        if (kind !== "number") refuse(reason ?? "number");
        else if (text === grid.value(row, column)) result.same++;
        else result.changes.push({ row, column, text });
      }
    });
  });
  return result;
}

const isFigure = (text) => /^[-−(]?[0-9０-９]/.test(text) && !/^[0-9]{6}$/.test(text);
