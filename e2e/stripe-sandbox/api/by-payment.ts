import { idIn } from '../engine/world';
import { text } from './params';

/** The filters of what hangs on a charge and its payment. */
export const paymentFilters = { charge: text().optional(), payment_intent: text().optional() };

interface OfPayment {
  payment_intent?: string | { id: string } | null;
}

/** What those filters mean: the narrower index, and the other one as a condition. */
export function byPayment({
  charge,
  payment_intent: intent,
}: {
  charge?: string | undefined;
  payment_intent?: string | undefined;
}) {
  const key = charge ?? intent ?? '';
  const name = charge === undefined ? ('payment_intent' as const) : ('charge' as const);
  return {
    index: charge === undefined && intent === undefined ? undefined : { name, key },
    where: (row: OfPayment): boolean => intent === undefined || idIn(row.payment_intent ?? null) === intent,
  };
}
