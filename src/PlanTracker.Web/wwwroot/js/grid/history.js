// What was done, to be undone and done again.

/** @param {(changes: {cell: object, from: object, to: object}[], way: "from" | "to") => void} apply */
export function history(apply, most = 200) {
  const done = [];
  const undone = [];
  const step = (take, give, way) => {
    const changes = take.pop();
    if (!changes) return false;
    apply(changes, way);
    give.push(changes);
    return true;
  };
  return {
    /** Takes in one deed. Typing on in one cell is one deed. */
    add(changes, typing = false) {
      const last = done.at(-1);
      if (typing && last?.typing && last.length === 1 && last[0].cell === changes[0].cell) last[0].to = changes[0].to;
      else done.push(Object.assign(changes, { typing }));
      if (done.length > most) done.shift();
      undone.length = 0;
    },
    /** The next letter begins a deed of its own. */
    pause() {
      const last = done.at(-1);
      if (last) last.typing = false;
    },
    undo: () => step(done, undone, "from"),
    redo: () => step(undone, done, "to"),
    get canUndo() {
      return done.length > 0;
    },
    get canRedo() {
      return undone.length > 0;
    },
  };
}
