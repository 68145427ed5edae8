import { Badge } from '~/components/ui/badge';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TimeAgo } from '~/components/ui/time';
import { type CustomerPaymentView, type PaymentState, PAYMENT_STATE_TONE } from '~/modules/payments/shared';

import { Amount } from './amount';
import { STANDING_WORDS, standingOf } from './payment-words';

/** States as their customer reads them. */
const STATE_WORD: Record<PaymentState, string> = {
  created: 'Being opened',
  open: 'Not paid yet',
  processing: 'At your bank',
  expired: 'Expired',
  canceled: 'Canceled',
  failed: 'Failed',
  review: 'Being checked',
  paid: 'Paid',
};

/** A customer's sales, each row a link to its page. */
export function CustomerPayments({ payments }: { payments: CustomerPaymentView[] }) {
  return (
    <DataTable label="Payments" minWidth="none">
      <THead>
        <Th>Pack</Th>
        <Th>State</Th>
        <Th className="hidden sm:table-cell">When</Th>
        <Th numeric className="max-sm:pr-4">
          Amount
        </Th>
        <Th className="hidden sm:table-cell">Documents</Th>
      </THead>
      <TBody>
        {payments.map((payment) => (
          <Tr key={payment.id}>
            <Td className="py-3">
              <RowLink to={`/payments/${payment.id}`}>{payment.packName}</RowLink>
              <span className="block text-xs text-text-muted sm:hidden">
                <TimeAgo at={payment.createdAt} />
              </span>
            </Td>
            <Td>
              <StateBadge payment={payment} />
            </Td>
            <Td className="hidden text-text-muted sm:table-cell">
              <TimeAgo at={payment.createdAt} />
            </Td>
            <Td numeric className="max-sm:pr-4">
              <Amount minor={payment.amountPaid ?? payment.amountSubtotal} currency={payment.currency} />
            </Td>
            <Td className="hidden sm:table-cell">
              <Documents payment={payment} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

function StateBadge({ payment }: { payment: CustomerPaymentView }) {
  const standing = standingOf(payment);
  if (standing === undefined)
    return <Badge tone={PAYMENT_STATE_TONE[payment.state]}>{STATE_WORD[payment.state]}</Badge>;
  const { word, tone } = STANDING_WORDS[standing];
  return <Badge tone={tone}>{word}</Badge>;
}

function Documents({ payment }: { payment: CustomerPaymentView }) {
  const documents = [
    { name: 'Receipt', has: payment.hasReceipt },
    { name: 'Invoice', has: payment.hasInvoice },
  ].filter(({ has }) => has);
  return (
    <span className="relative flex gap-3">
      {documents.map(({ name }) => (
        <a
          key={name}
          className="prose-link"
          href={`/payments/${payment.id}/${name.toLowerCase()}`}
          aria-label={`${name} of ${payment.packName}`}
        >
          {name}
        </a>
      ))}
    </span>
  );
}
