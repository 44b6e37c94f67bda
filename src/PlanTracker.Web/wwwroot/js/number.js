// The strict number rule of the server, for use while typing. Nothing is repaired or guessed.

const maxDecimals = 10;
const maxIntegerDigits = 16;

/**
 * What a cell's text is: `empty` (missing), `number`, `unfinished` (a number may still come of it)
 * or `error` with the reason `number`, `long` or `decimals`.
 * A number is an optional minus, digits, and optionally a point with up to `decimals` digits.
 */
export function readNumber(text, decimals) {
  if (text === "") return { kind: "empty" };
  const parts = /^-?([0-9]+)(?:\.([0-9]+))?$/.exec(text);
  if (parts === null) {
    return { kind: /^(?:-|-?[0-9]+\.)$/.test(text) ? "unfinished" : "error", reason: "number" };
  }
  const [, whole, fraction = ""] = parts;
  if (whole.replace(/^0+/, "").length > maxIntegerDigits) return { kind: "error", reason: "long" };
  if (fraction.length > Math.min(decimals, maxDecimals)) return { kind: "error", reason: "decimals" };
  return { kind: "number" };
}

/** A message with its {names} filled in. */
export function fill(message, values) {
  return message.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
