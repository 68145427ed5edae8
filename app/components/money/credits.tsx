import { classes } from '~/components/ui/classes';
import { formatCredits } from '~/platform/money';

export interface CreditsProps {
  value: bigint;
  /** Writes "credits" (or "credit") after the number. */
  unit?: boolean | undefined;
  /** Shows a plus before what came in: for ledger lines. */
  signed?: boolean | undefined;
  negativeIsBad?: boolean | undefined;
  className?: string | undefined;
}

export function Credits({
  value,
  unit = false,
  signed = false,
  negativeIsBad = false,
  className,
}: CreditsProps) {
  const isOne = value === 1n || value === -1n;
  return (
    <span
      className={classes('figures whitespace-nowrap', negativeIsBad && value < 0n && 'text-bad', className)}
    >
      {signed && value > 0n ? '+' : ''}
      {formatCredits(value)}
      {unit ? (isOne ? ' credit' : ' credits') : ''}
    </span>
  );
}
