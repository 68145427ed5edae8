import { Link } from '@remix-run/react';
import { type ReactNode } from 'react';

import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { TimeAgo, Timestamp } from '~/components/ui/time';
import { type LotView } from '~/modules/ledger/shared';
import { type CustomerPaymentDetail } from '~/modules/payments/shared';

import { Amount } from './amount';
import { Credits } from './credits';
import { BACK_WORDS } from './payment-words';

export interface PaymentFactsProps {
  payment: CustomerPaymentDetail;
  /** What the payment brought in. */
  lots: LotView[];
  /** Stripe writes the documents in a moment: their places are kept. */
  documentsAreComing: boolean;
}

/** What was bought, what it cost, where its papers are. Facts that do not exist have no line. */
export function PaymentFacts({ payment, lots, documentsAreComing }: PaymentFactsProps) {
  // Facts come in any order: a receipt that is here before the payment is known says nothing yet.
  const isSettled = payment.amountPaid !== null;
  return (
    <FactList>
      <Price payment={payment} />
      {payment.backs.map(({ id, state, amount, at }) => (
        <Fact key={id} label={BACK_WORDS[state]}>
          <Amount minor={amount} currency={payment.currency} />, <TimeAgo at={at} />
        </Fact>
      ))}
      {payment.card === null || !isSettled ? null : (
        <Fact label="Card">
          <span className="capitalize">{payment.card}</span>
        </Fact>
      )}
      {lots.map((lot) => (
        <Fact key={lot.id} label="Credits of this payment">
          <Credits value={lot.left} /> of <Credits value={lot.granted} /> left
          {lot.expiresAt === null ? '' : ', until '}
          {lot.expiresAt === null ? null : <TimeAgo at={lot.expiresAt} />}
        </Fact>
      ))}
      <DocumentFact
        payment={payment}
        name="Receipt"
        has={isSettled && payment.hasReceipt}
        isComing={documentsAreComing}
      />
      <DocumentFact
        payment={payment}
        name="Invoice"
        has={isSettled && payment.hasInvoice}
        isComing={documentsAreComing}
      />
      {payment.secondOfId === null ? null : (
        <Fact label="First payment">
          <Link className="prose-link" to={`/payments/${payment.secondOfId}`}>
            Open it
          </Link>
        </Fact>
      )}
      {payment.state === 'open' && payment.expiresAt !== null ? (
        <Fact label="The payment page closes">
          <Timestamp at={payment.expiresAt} />
        </Fact>
      ) : null}
      <Fact label="Payment id">
        <CopyId id={payment.id} label="payment id" full />
      </Fact>
    </FactList>
  );
}

function Price({ payment }: { payment: CustomerPaymentDetail }) {
  const { amountSubtotal, amountDiscount, amountTax, amountPaid, currency } = payment;
  return (
    <>
      <Fact label={payment.packName}>
        <Amount minor={amountSubtotal} currency={currency} />
      </Fact>
      {amountDiscount ? (
        <Fact label="Discount">
          <Amount minor={-amountDiscount} currency={currency} />
        </Fact>
      ) : null}
      {amountTax ? (
        <Fact label="Tax">
          <Amount minor={amountTax} currency={currency} />
        </Fact>
      ) : null}
      {amountPaid === null ? null : (
        <Fact label="You paid">
          <Amount minor={amountPaid} currency={currency} className="font-semibold" />
        </Fact>
      )}
    </>
  );
}

function DocumentFact({
  payment,
  name,
  has,
  isComing,
}: {
  payment: CustomerPaymentDetail;
  name: 'Receipt' | 'Invoice';
  has: boolean;
  isComing: boolean;
}): ReactNode {
  if (!has && !isComing) return null;
  return (
    <Fact label={name}>
      {has ? (
        <a className="prose-link" href={`/payments/${payment.id}/${name.toLowerCase()}`}>
          Open the {name.toLowerCase()}
        </a>
      ) : (
        <span className="text-text-muted">Stripe is writing it</span>
      )}
    </Fact>
  );
}
