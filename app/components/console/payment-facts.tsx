import { Link } from '@remix-run/react';
import { type ReactNode } from 'react';
import { Amount } from '~/components/money/amount';
import { Credits } from '~/components/money/credits';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { Timestamp } from '~/components/ui/time';
import { type MoneyBackView, type PaymentView } from '~/modules/admin/shared';
import { OFFLINE_CHANNEL_LABEL } from '~/modules/offline/shared';
import { MoneyBackBadge } from './money-back-badges';
import { customerName } from './payment-table';
import { realmWords, RealmMark } from './realm-mark';
import { StripeId } from './stripe-id';

export function PaymentFacts({ payment }: { payment: PaymentView }) {
  const { currency } = payment;
  return (
    <div className="grid content-start gap-4">
      <Card title="Sale">
        <FactList>
          <Fact label="Customer">
            <Link to={`/admin/customers/${payment.customer.id}`} className="prose-link">
              {customerName(payment.customer)}
            </Link>
          </Fact>
          <Fact label="Pack">
            {payment.pack ?? 'None'}
            {payment.packVersion === null ? null : (
              <span className="text-text-muted"> v{payment.packVersion}</span>
            )}
            {payment.quantity === 1 ? null : ` × ${payment.quantity}`}
          </Fact>
          <Fact label="Credits sold">
            <Credits value={payment.credits} />
          </Fact>
          <Fact label="Price">
            <Amount minor={payment.amountSubtotal} currency={currency} />
          </Fact>
          <OptionalAmount label="Discount" minor={negated(payment.amountDiscount)} currency={currency} />
          <OptionalAmount label="Tax" minor={payment.amountTax} currency={currency} />
          <Fact label="Paid">
            {payment.amountPaid === null ? (
              <span className="text-text-muted">Nothing yet</span>
            ) : (
              <Amount minor={payment.amountPaid} currency={currency} className="font-medium" />
            )}
          </Fact>
          {payment.offline === null ? null : (
            <>
              <Fact label="Paid by">{OFFLINE_CHANNEL_LABEL[payment.offline.channel]}</Fact>
              <Fact label="Reference">
                <CopyId id={payment.offline.reference} label="reference" />
              </Fact>
              <Fact label="Approved as">
                <Link
                  to={`/admin/approvals/${payment.offline.approvalId}`}
                  prefetch="intent"
                  className="prose-link mr-1"
                >
                  Show
                </Link>
                <CopyId id={payment.offline.approvalId} label="approval id" />
              </Fact>
            </>
          )}
          {payment.card === null ? null : (
            <Fact label="Card">
              <span className="capitalize">{payment.card}</span>
            </Fact>
          )}
          <Fact label="Findings">
            <Link to={`/admin/reconciliation?q=${payment.id}`} prefetch="intent" className="prose-link">
              Look for differences
            </Link>
          </Fact>
          <OptionalTime label="Settled" at={payment.paidAt} />
          <Fact label="Created">
            <Timestamp at={payment.createdAt} />
          </Fact>
          <OptionalTime label="Page expires" at={payment.paidAt === null ? payment.expiresAt : null} />
          {payment.receiptUrl === null && payment.invoiceUrl === null ? null : (
            <Fact label="Documents">
              <span className="inline-flex gap-3">
                <Paper url={payment.receiptUrl}>Receipt</Paper>
                <Paper url={payment.invoiceUrl}>Invoice</Paper>
              </span>
            </Fact>
          )}
        </FactList>
      </Card>
      <MoneyBacks payment={payment} />
      <RelatedIds payment={payment} />
    </div>
  );
}

/** Refunds and disputes; nothing where there are none. */
function MoneyBacks({ payment }: { payment: PaymentView }) {
  if (payment.moneyBacks.length === 0) return null;
  return (
    <Card title="Money back">
      <FactList>
        {payment.moneyBacks.map((back) => (
          <Fact
            key={back.id}
            label={
              <Link to={moneyBackPage(back)} prefetch="intent" className="prose-link capitalize">
                {back.kind}
              </Link>
            }
          >
            <span className="inline-flex flex-wrap items-center justify-end gap-x-2">
              <MoneyBackBadge kind={back.kind} status={back.status} />
              <Amount minor={back.amount} currency={back.currency} />
              {back.stripeId === null ? (
                <CopyId id={back.id} label={`${back.kind} id`} />
              ) : (
                <StripeId id={back.stripeId} label={back.kind} realm={payment.realm} />
              )}
            </span>
          </Fact>
        ))}
      </FactList>
    </Card>
  );
}

/** A dispute has a page of its own; a refund stands in its list. */
const moneyBackPage = ({ id, kind }: MoneyBackView): string =>
  kind === 'dispute' ? `/admin/disputes/${id}` : `/admin/refunds?q=${id}`;

const negated = (minor: bigint | null): bigint | null => (minor === null ? null : -minor);

function OptionalAmount({
  label,
  minor,
  currency,
}: {
  label: string;
  minor: bigint | null;
  currency: string;
}) {
  if (minor === null || minor === 0n) return null;
  return (
    <Fact label={label}>
      <Amount minor={minor} currency={currency} />
    </Fact>
  );
}

function OptionalTime({ label, at }: { label: string; at: Date | null }) {
  if (at === null) return null;
  return (
    <Fact label={label}>
      <Timestamp at={at} />
    </Fact>
  );
}

function Paper({ url, children }: { url: string | null; children: ReactNode }) {
  if (url === null) return null;
  return (
    <a href={url} target="_blank" rel="noreferrer" className="prose-link">
      {children}
    </a>
  );
}

function RelatedIds({ payment }: { payment: PaymentView }) {
  const objects = [
    ['Session', payment.stripeSession],
    ['Payment intent', payment.stripeIntent],
    ['Charge', payment.stripeCharge],
    ['Invoice', payment.stripeInvoice],
  ] as const;
  return (
    <Card title="Related">
      <FactList>
        <Fact label="Payment">
          <CopyId id={payment.id} label="payment id" />
        </Fact>
        {payment.secondOfId === null ? null : (
          <Fact label="Came beside">
            <Link to={`/admin/payments/${payment.secondOfId}`} prefetch="intent" className="prose-link mr-1">
              The sale’s own payment
            </Link>
            <CopyId id={payment.secondOfId} label="id of the sale’s own payment" />
          </Fact>
        )}
        <Fact label="Customer">
          <Link to={`/admin/customers/${payment.customer.id}`} prefetch="intent" className="prose-link mr-1">
            Show
          </Link>
          <CopyId id={payment.customer.id} label="customer id" />
        </Fact>
        {payment.walletId === null ? null : (
          <Fact label="Wallet">
            <CopyId id={payment.walletId} label="wallet id" />
          </Fact>
        )}
        {payment.lotIds.map((id) => (
          <Fact key={id} label="Lot">
            <Link to={`/admin/lots/${id}`} prefetch="intent" className="prose-link mr-1">
              Show
            </Link>
            <CopyId id={id} label="lot id" />
          </Fact>
        ))}
        {payment.stripeCustomer === null ? null : (
          <Fact label="Stripe customer">
            <StripeId id={payment.stripeCustomer} label="Stripe customer" realm={payment.realm} />
          </Fact>
        )}
        {objects.map(([label, id]) =>
          id === null ? null : (
            <Fact key={label} label={label}>
              <Link to={`/admin/webhooks/events?object=${id}`} className="prose-link mr-1">
                Events
              </Link>
              <StripeId id={id} label={label.toLowerCase()} realm={payment.realm} />
            </Fact>
          ),
        )}
        <Fact label="Realm">
          {realmWords(payment.realm)} <RealmMark realmId={payment.realm.id} className="ml-2" />
        </Fact>
      </FactList>
    </Card>
  );
}
