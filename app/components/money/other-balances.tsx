import { Credits } from './credits';

export interface OtherBalancesProps {
  held: bigint;
  claimed: bigint;
  debt: bigint;
  /** The ledger's own words instead of a customer's. */
  forStaff?: boolean;
}

/** What a wallet holds beside the credits that can be spent, where there is any. */
export function OtherBalances({ held, claimed, debt, forStaff = false }: OtherBalancesProps) {
  const others = [
    ['held', held],
    [forStaff ? 'claimed' : 'held back', claimed],
    ['debt', debt],
  ] as const;
  return others.map(([word, value]) =>
    value === 0n ? null : (
      <span key={word} className="block text-xs text-text-muted">
        <Credits value={value} /> {word}
      </span>
    ),
  );
}
