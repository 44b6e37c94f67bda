// The questions the server asks about a figure (Domain/ReadingRules.cs), asked while typing. Figures are compared exactly, as whole numbers.

const decimals = 10;

/** A figure as a whole number of 10⁻¹⁰. */
export function exact(text) {
  const [, minus, whole, fraction = ""] = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(text);
  const size = BigInt(whole + fraction.padEnd(decimals, "0"));
  return minus ? -size : size;
}

const unit = 10n ** BigInt(decimals);
const factors = [10n, 100n, 1000n, 10000n];
const abs = (n) => (n < 0n ? -n : n);

/**
 * What is questionable about a figure.
 * @param {string} value The figure, a number by the strict rule.
 * @param {string} before The latest figure of an earlier period; empty: there is nothing to ask.
 * @param {{outlier?: boolean, slip?: boolean, jump?: string, cumulative?: boolean}} rules
 * @param {{stepLow?: string, stepHigh?: string, growthLow?: string, growthHigh?: string}} usual How the series usually changes.
 * @returns {string[]} Names of the questions, as the server gives them.
 */
export function ask(value, before, rules, usual) {
  if (!before) return [];
  const [now, was] = [exact(value), exact(before)];
  const asked = [];
  if (rules.slip && isUnitSlip(now, was)) asked.push("UnitSlip");
  else if (rules.outlier && usual.stepLow && !isUsual(now, was, usual)) asked.push("Outlier");
  if (rules.jump && abs(now - was) * unit > exact(rules.jump) * abs(was)) asked.push("Jump");
  if (rules.cumulative && now < was) asked.push("Falling");
  return asked;
}

/** Whether the regions' sum is off the reported figure of the whole by more than the tolerance. */
export const asksAboutSum = (whole, sum, tolerance) => tolerance !== "" && abs(sum - whole) * unit > exact(tolerance) * abs(whole);

function isUnitSlip(now, was) {
  if (now === 0n || was === 0n || now < 0n !== was < 0n) return false;
  const near = (value, expected) => 100n * value >= 85n * expected && 100n * value <= 115n * expected;
  return factors.some((f) => near(abs(now), abs(was) * f) || near(abs(now) * f, abs(was)));
}

function isUsual(now, was, { stepLow, stepHigh, growthLow, growthHigh }) {
  const step = now - was;
  if (step >= exact(stepLow) && step <= exact(stepHigh)) return true;
  return Boolean(growthLow) && was > 0n && now * unit >= exact(growthLow) * was && now * unit <= exact(growthHigh) * was;
}
