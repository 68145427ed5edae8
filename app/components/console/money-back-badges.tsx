import { Badge } from '~/components/ui/badge';
import { type Tone } from '~/components/ui/tone';
import { type MoneyBackKind } from '~/modules/admin/shared';
import { DISPUTE_STATUS, DISPUTE_STATUSES } from '~/modules/disputes/shared';
import { REFUND_STATUS_LABEL, REFUND_STATUS_TONE, REFUND_STATUSES } from '~/modules/refunds/shared';
import { inWords, startingLarge } from './state-badges';

/** Where a refund or dispute stands. The status is Stripe's own word, which may be newer than these pages. */
function standing(kind: MoneyBackKind, status: string): { label: string; tone: Tone } {
  if (kind === 'refund') {
    const known = REFUND_STATUSES.find((one) => one === status);
    if (known !== undefined) return { label: REFUND_STATUS_LABEL[known], tone: REFUND_STATUS_TONE[known] };
  } else {
    const known = DISPUTE_STATUSES.find((one) => one === status);
    if (known !== undefined) return DISPUTE_STATUS[known];
  }
  return { label: startingLarge(inWords(status)), tone: 'idle' };
}

export const moneyBackWords = (kind: MoneyBackKind, status: string): string => standing(kind, status).label;

export function MoneyBackBadge({ kind, status }: { kind: MoneyBackKind; status: string }) {
  const { label, tone } = standing(kind, status);
  return <Badge tone={tone}>{label}</Badge>;
}
