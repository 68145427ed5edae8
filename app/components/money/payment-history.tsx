import { Timestamp } from '~/components/ui/time';
import { type CustomerPaymentDetail } from '~/modules/payments/shared';
import { formatMoney } from '~/platform/money';

import { BACK_CHANGE_WORDS, CHANGE_WORDS } from './payment-words';

/** What happened to a payment and to what went back of it, oldest first. */
export function PaymentHistory({ payment }: { payment: CustomerPaymentDetail }) {
  const moved = payment.changes.map(({ to, at }) => ({ key: to, at, words: CHANGE_WORDS[to] }));
  const wentBack = payment.backChanges.map(({ id, state, amount, at }) => {
    return { key: id, at, words: BACK_CHANGE_WORDS[state](formatMoney(amount, payment.currency)) };
  });
  const all = [...moved, ...wentBack].sort((a, b) => a.at.getTime() - b.at.getTime());
  return (
    <ol aria-label="What happened" className="divide-y text-sm">
      {all.map(({ key, at, words }) => (
        <li key={key} className="grid gap-x-4 py-2 sm:grid-cols-[1fr_auto]">
          {words}
          <Timestamp at={at} className="figures whitespace-nowrap text-text-muted" />
        </li>
      ))}
    </ol>
  );
}
