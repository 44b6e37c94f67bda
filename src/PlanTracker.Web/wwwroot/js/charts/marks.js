// The shapes of img/status.svg in a box of 16, for drawing on a canvas. A test keeps them equal.

export const marks = {
  achieved: {
    path: "M8 .2 15.8 8 8 15.8.2 8ZM4.2 8 5.5 6.7 7.2 8.4 10.7 4.9 12 6.2 7.2 11Z",
    rule: "evenodd",
  },
  "on-track": { path: "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13Z" },
  behind: { path: "M.8 2.6H15.2L8 14.6Z" },
  "far-behind": { path: "M1.2 1.2H14.8L8 8.2ZM1.2 8.2H14.8L8 15.2Z" },
  "moving-away": { path: "M.6 8 8 1V5H15.4V11H8V15Z" },
  none: { path: "M8 2.2a5.8 5.8 0 1 1 0 11.6a5.8 5.8 0 1 1 0-11.6Z", dash: [2.6, 1.98] },
};

/** Draws a status shape with its left edge at x and its middle at y. */
export function drawMark(context, status, x, y, size, colour) {
  const mark = marks[status];
  if (!mark) return;
  context.save();
  context.translate(x, y - size / 2);
  context.scale(size / 16, size / 16);
  const path = new Path2D(mark.path);
  if (mark.dash) {
    context.lineWidth = 1.6;
    context.setLineDash(mark.dash);
    context.strokeStyle = colour;
    context.stroke(path);
  } else {
    context.fillStyle = colour;
    context.fill(path, mark.rule ?? "nonzero");
  }
  context.restore();
}
