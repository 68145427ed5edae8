import { type ListCount } from '~/modules/admin/shared';
import { formatCredits } from '~/platform/money';

const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** "1,234" as counted, "about 1.2 M" as estimated. */
export function countWords({ n, isExact }: ListCount): string {
  if (isExact) return formatCredits(BigInt(n));
  return `about ${COMPACT.format(n)
    .replace(/([A-Z])$/, ' $1')
    .replace('K', 'k')}`;
}
