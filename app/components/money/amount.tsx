import { classes } from '~/components/ui/classes';
import { formatMoney } from '~/platform/money';

export interface AmountProps {
  minor: bigint;
  currency: string;
  /** Colours a negative amount; only where negative is bad news. */
  negativeIsBad?: boolean | undefined;
  className?: string | undefined;
}

/** Money in the payment's own currency, with tabular figures and a true minus sign. */
export function Amount({ minor, currency, negativeIsBad = false, className }: AmountProps) {
  return (
    <span
      className={classes('figures whitespace-nowrap', negativeIsBad && minor < 0n && 'text-bad', className)}
    >
      {formatMoney(minor, currency)}
    </span>
  );
}
