/**
 * Credits, money and numbers of entries as a JSON number.
 * @throws RangeError beyond what a JSON reader holds exactly: no wrong amount is ever answered
 */
export function plain(amount: bigint): number {
  const number = Number(amount);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${amount} is beyond what JSON holds exactly.`);
  return number;
}

export const plainOrNull = (amount: bigint | null): number | null => (amount === null ? null : plain(amount));

export const isoOrNull = (at: Date | null): string | null => at?.toISOString() ?? null;
