// Where the cells of a grid stand, and the ways between them.

export function places(table) {
  const body = table.tBodies[0];
  const firstColumn = [...table.tHead.rows[0].cells].findIndex((th) => th.dataset.period !== undefined);
  const at = (row, column) => (column < 0 ? null : body.rows[row]?.cells[firstColumn + column]?.querySelector("input") ?? null);
  const placeOf = (td) => ({ row: td.parentElement.sectionRowIndex, column: td.cellIndex - firstColumn });

  /** @returns {boolean} whether there is a cell to go to. */
  function go(td) {
    const input = td?.querySelector("input");
    input?.focus();
    input?.select();
    return Boolean(input);
  }

  /** To the cell so many rows and columns away, if there is one. */
  function move(td, rows, columns) {
    const { row, column } = placeOf(td);
    return go(at(row + rows, column + columns)?.parentElement);
  }

  /** Down the column, then to the top of the next; back, the other way round. */
  function onward(td, back) {
    const { column } = placeOf(td);
    return move(td, back ? -1 : 1, 0) || go((back ? at(body.rows.length - 1, column - 1) : at(0, column + 1))?.parentElement);
  }

  return {
    at,
    placeOf,
    go,
    move,
    onward,
    rows: () => [...body.rows],
    /** Names of the columns: their periods. */
    columns: () => [...table.tHead.rows[0].cells].slice(firstColumn).map((th) => th.dataset.period),
  };
}
