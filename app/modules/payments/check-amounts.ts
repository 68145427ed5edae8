import { type SessionFact } from '~/modules/stripe/shared';

/** What was sold, from our own row. */
export interface Sold {
  amountSubtotal: bigint;
  currency: string;
}

/** The first way in which a session's money differs from what was sold; undefined when it is what was sold. */
export function amountFault(sold: Sold, session: SessionFact): string | undefined {
  if (session.currency !== sold.currency)
    return `currency ${session.currency ?? 'none'}, sold in ${sold.currency}`;
  if (session.amountSubtotal !== sold.amountSubtotal)
    return `subtotal ${session.amountSubtotal}, sold at ${sold.amountSubtotal}`;
  const total = session.amountSubtotal - session.amountDiscount + session.amountTax;
  if (session.amountTotal !== total)
    return `total ${session.amountTotal} is not subtotal − discount + tax = ${total}`;
  return undefined;
}
