import { Amount } from '~/components/money/amount';
import { Credits } from '~/components/money/credits';
import { Badge } from '~/components/ui/badge';
import { type Tone } from '~/components/ui/tone';
import { type ApprovalState } from '~/modules/approvals/shared';
import { formatCredits, formatMoney } from '~/platform/money';

const STATE: Record<ApprovalState, { label: string; tone: Tone }> = {
  open: { label: 'Open', tone: 'warn' },
  executed: { label: 'Executed', tone: 'ok' },
  rejected: { label: 'Declined', tone: 'idle' },
  expired: { label: 'Expired', tone: 'idle' },
};

export function ApprovalStateBadge({ state }: { state: ApprovalState }) {
  return <Badge tone={STATE[state].tone}>{STATE[state].label}</Badge>;
}

export interface Valued {
  /** `credits`, or a currency. */
  unit: string;
  amount: bigint;
}

/** An amount of credits or money, as its unit says. */
export function UnitAmount({ unit, amount }: Valued) {
  return unit === 'credits' ? <Credits value={amount} unit /> : <Amount minor={amount} currency={unit} />;
}

/** "5,000 credits", "$120.00" */
export const amountWords = ({ unit, amount }: Valued): string =>
  unit === 'credits' ? `${formatCredits(amount)} credits` : formatMoney(amount, unit);
