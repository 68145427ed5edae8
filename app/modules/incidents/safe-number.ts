/** @throws RangeError where JSON's numbers would not hold it */
export function safeNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${String(value)} is too large for a file.`);
  return number;
}
