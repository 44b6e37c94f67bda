// Arithmetic of axes and labels; nothing here draws.

/** The smallest of 1, 2, 5, 10 times a power of ten that is not below `size`. */
export function niceStep(size) {
  if (!(size > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(size));
  const factor = [1, 2, 5, 10].find((f) => f * power >= size * (1 - 1e-9));
  return factor * power;
}

/**
 * Ends of a value axis: the values with a little room, rounded outwards to a whole step. Zero is
 * the start when the values come near it. `min` and `max` are limits of the quantity (a percentage
 * ends at 100): the axis never passes them, and does not stretch to them for their own sake.
 */
export function valueBounds(values, { min = null, max = null, ticks = 5 } = {}) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { min: min ?? 0, max: max ?? 1, step: 1 };

  const fromZero = low >= 0 && low < 0.4 * high;
  const start = fromZero ? 0 : low;
  const span = high - start || Math.abs(high) || 1;
  const room = span * 0.06;
  const step = niceStep((span + room) / ticks);
  const down = fromZero ? 0 : snap(Math.floor((low - room) / step + 1e-9) * step);
  const up = snap(Math.ceil((high + room) / step - 1e-9) * step);
  return {
    min: min === null || low < min ? down : Math.max(min, down),
    max: max === null || high > max ? up : Math.min(max, up),
    step,
  };
}

/** The whole steps between the ends. */
export function valueTicks({ min, max, step }) {
  const ticks = [];
  for (let k = Math.ceil(min / step - 1e-9); k * step <= max + step * 1e-9; k++) ticks.push(snap(k * step));
  return ticks;
}

const snap = (value) => Number(value.toPrecision(12));

/** Whole years that cover the times; a single moment gets a year on either side. */
export function yearBounds(times) {
  const first = Math.floor(Math.min(...times) + 1e-6);
  const last = Math.ceil(Math.max(...times) - 1e-6);
  return first === last ? { min: first - 1, max: last + 1 } : { min: first, max: last };
}

/** Whole years to label when each label needs `gap` pixels; the last year is always among them. */
export function yearTicks({ min, max }, width, gap) {
  const room = Math.max(2, Math.floor(width / gap));
  const step = Math.max(1, Math.ceil((max - min) / room));
  const ticks = [];
  for (let year = max; year >= min; year -= step) ticks.unshift(year);
  return ticks;
}

/**
 * Moves labels apart so that neighbours keep `gap`, as little as needed and inside low..high.
 * Returns the new positions in the order given.
 */
export function spread(positions, gap, low, high) {
  const order = positions.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at);
  const placed = [];
  for (const { at, index } of order) {
    placed.push({ index, at: Math.max(at, low) });
    // Push the cluster below back up by half of the overlap, so that it stays centred.
    for (let k = placed.length - 1; k > 0; k--) {
      const overlap = placed[k - 1].at + gap - placed[k].at;
      if (overlap <= 0) break;
      placed[k].at += overlap / 2;
      placed[k - 1].at -= overlap / 2;
    }
  }
  for (let k = 0, edge = low; k < placed.length; k++, edge += gap) placed[k].at = Math.max(placed[k].at, edge);
  for (let k = 1; k < placed.length; k++) placed[k].at = Math.max(placed[k].at, placed[k - 1].at + gap);
  for (let k = placed.length - 1, edge = high; k >= 0; k--, edge -= gap) placed[k].at = Math.min(placed[k].at, edge);
  const result = [];
  for (const { index, at } of placed) result[index] = at;
  return result;
}

/** The index after a key press among `count` points, or the same index for any other key. */
export function moved(index, key, count) {
  if (count === 0) return -1;
  const forward = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (forward === undefined) return index;
  if (index < 0) return forward > 0 ? 0 : count - 1;
  return Math.min(count - 1, Math.max(0, index + forward));
}
