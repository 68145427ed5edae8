/** Percentages have up to four decimals. */
const PERCENT_PARTS = 10_000;
const WHOLE = 100 * PERCENT_PARTS;

/** `percent` of a whole amount, rounded half up to the smallest unit. */
export function percentOf(amount: number, percent: number): number {
  return shareOf(amount, Math.round(percent * PERCENT_PARTS), WHOLE);
}

/** The part of an amount that came on top of it at `percent`, rounded half up to the smallest unit. */
export function percentWithin(amount: number, percent: number): number {
  const parts = Math.round(percent * PERCENT_PARTS);
  return shareOf(amount, parts, WHOLE + parts);
}

/** `part` of `whole` of a positive amount, rounded half up to the smallest unit. */
export function shareOf(amount: number, part: number, whole: number): number {
  const doubled = 2n * BigInt(amount) * BigInt(part) + BigInt(whole);
  return Number(doubled / (2n * BigInt(whole)));
}

/** Divides `total` over the weights in whole parts that add up to it; none is above its weight. */
export function divide(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((whole, weight) => whole + weight, 0);
  if (sum === 0) return weights.map(() => 0);
  let handed = 0;
  let passed = 0;
  return weights.map((weight) => {
    passed += weight;
    const reached = Number((BigInt(total) * BigInt(passed)) / BigInt(sum));
    const part = reached - handed;
    handed = reached;
    return part;
  });
}
