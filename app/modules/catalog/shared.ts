/** A pack as the store shows it. */
export interface PackView {
  code: string;
  name: string;
  description: string;
  credits: bigint;
  amount: bigint;
  currency: string;
  expiresDays: number | null;
  /** The lowest price per credit of those on sale. */
  isBestValue: boolean;
}
