// A chosen block of cells: from where one was to where one went.

export function choice(body, { at, placeOf }) {
  let ends = null;

  /** Inputs of the block, row by row; none where no block is chosen. */
  function block() {
    if (!ends) return [];
    const [a, b] = ends.map(placeOf);
    const [top, left] = [Math.min(a.row, b.row), Math.min(a.column, b.column)];
    const [height, width] = [Math.abs(a.row - b.row) + 1, Math.abs(a.column - b.column) + 1];
    return Array.from({ length: height }, (_, i) => Array.from({ length: width }, (_, j) => at(top + i, left + j)));
  }

  function choose(anchor, head) {
    for (const td of body.querySelectorAll("[data-chosen]")) delete td.dataset.chosen;
    ends = anchor !== head ? [anchor, head] : null;
    for (const input of block().flat()) input.parentElement.dataset.chosen = "";
  }

  return {
    block,
    choose,
    get any() {
      return ends !== null;
    },
    clear: () => ends && choose(null, null),
    /** Moves the end of the block that one goes with. */
    extend(td, rows, columns) {
      const [anchor, end] = ends ?? [td, td];
      const { row, column } = placeOf(end);
      const head = at(row + rows, column + columns)?.parentElement;
      if (!head) return;
      choose(anchor, head);
      head.scrollIntoView({ block: "nearest", inline: "nearest" });
    },
  };
}
