import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData, useLocation } from '@remix-run/react';

import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Amount } from '~/components/money/amount';
import { Credits } from '~/components/money/credits';
import { PaymentFacts } from '~/components/money/payment-facts';
import { PaymentHistory } from '~/components/money/payment-history';
import { PaymentSteps } from '~/components/money/payment-steps';
import { type PaymentWords, type Waited, wordsOf } from '~/components/money/payment-words';
import { type Pace, useFreshFacts, useWaited } from '~/components/money/use-fresh-facts';
import { type StoreHandle } from '~/components/shell/store-handle';
import { ButtonLink, ButtonRow } from '~/components/ui/button';
import { Card } from '~/components/ui/card';
import { PageHeader } from '~/components/ui/page-header';
import { requireCustomer } from '~/modules/auth/index.server';
import { type WayBack } from '~/modules/auth/shared';
import { readBalance, readPaymentLots } from '~/modules/ledger/index.server';
import { seePayment } from '~/modules/payments/index.server';
import { type CustomerPaymentDetail, type PaymentState } from '~/modules/payments/shared';
import { currentRealm, settingsOf } from '~/modules/stripe/index.server';
import { db } from '~/platform/db.server';
import { minutes } from '~/platform/time';

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { customerId, wayBack } = await requireCustomer(request);
  const { mode: book } = await currentRealm();
  const paymentId = params['paymentId'] ?? '';
  const sessionId = new URL(request.url).searchParams.get('session_id');
  const now = Date.now();
  const seen = await seePayment(db(), settingsOf, { book, customerId, paymentId, sessionId, now });
  if (!seen) throw new Response(null, { status: 404 });
  const [lots, { available }] = await Promise.all([
    readPaymentLots(db(), paymentId),
    readBalance(db(), { book, customerId }),
  ]);
  return { ...seen, lots, balance: available, now, wayBack };
}

/** Stripe writes receipt and invoice within seconds of the payment; after this they are not waited for. */
const DOCUMENTS_COME_WITHIN = minutes(2);

function documentsAreComing(payment: CustomerPaymentDetail, now: number): boolean {
  if (payment.state !== 'paid' || payment.amountPaid === 0n) return false;
  const settled = payment.changes.find(({ to }) => to === 'paid');
  return settled !== undefined && now - settled.at.getTime() < DOCUMENTS_COME_WITHIN;
}

function paceOf(payment: CustomerPaymentDetail, cameBack: boolean, now: number): Pace {
  if (payment.state === 'created') return 'brisk';
  if (payment.state === 'open') return cameBack ? 'brisk' : 'calm';
  if (payment.state === 'processing' || payment.state === 'review') return 'calm';
  const isComplete = payment.hasReceipt && payment.hasInvoice;
  return documentsAreComing(payment, now) && !isComplete ? 'brisk' : 'never';
}

export default function PaymentPage() {
  const { payment, lots, balance, cameBack, now, wayBack } = useLoaderData<typeof loader>();
  const subject = `${payment.id} ${payment.state}`;
  useFreshFacts(paceOf(payment, cameBack, now), subject);
  const waited = useWaited(subject, payment.state === 'created' ? now - payment.createdAt.getTime() : 0);
  const words = wordsOf(payment, cameBack, waited);
  const added = (
    <>
      <Credits value={payment.credits} unit /> added; you have <Credits value={balance} unit /> now.
    </>
  );
  return (
    <div className="mx-auto max-w-[38rem]">
      <PageHeader
        title={<span aria-live="polite">{words.title}</span>}
        back={{ to: '/history', label: 'History' }}
        description={
          <>
            {payment.packName} · <Credits value={payment.credits} unit /> ·{' '}
            <Amount minor={payment.amountPaid ?? payment.amountSubtotal} currency={payment.currency} />
          </>
        }
      />
      <div className="grid gap-6">
        <Card className="pt-2">
          <PaymentSteps words={words} added={added} />
          <WhatNext payment={payment} words={words} cameBack={cameBack} waited={waited} wayBack={wayBack} />
        </Card>
        <Card title="Details">
          <PaymentFacts payment={payment} lots={lots} documentsAreComing={documentsAreComing(payment, now)} />
        </Card>
        <Card title="What happened">
          <PaymentHistory payment={payment} />
        </Card>
      </div>
    </div>
  );
}

function WhatNext({
  payment,
  words,
  cameBack,
  waited,
  wayBack,
}: {
  payment: CustomerPaymentDetail;
  words: PaymentWords;
  cameBack: boolean;
  waited: Waited;
  wayBack: WayBack | undefined;
}) {
  const offersStripe = payment.sessionUrl !== null && (!cameBack || waited !== 'briefly');
  return (
    <div className="mt-6 border-t pt-4">
      <p className="min-h-12 text-base sm:min-h-6" aria-live="polite">
        {words.next}
      </p>
      <div className="mt-4">
        <ButtonRow>
          {offersStripe && payment.sessionUrl !== null ? (
            <ButtonLink to={payment.sessionUrl} variant={cameBack ? 'secondary' : 'primary'}>
              Go on to the payment page
            </ButtonLink>
          ) : null}
          <NextButtons payment={payment} wayBack={wayBack} />
        </ButtonRow>
      </div>
    </div>
  );
}

const CAN_START_AGAIN = new Set<PaymentState>(['expired', 'canceled', 'failed']);
const MOVES_BY_ITSELF = new Set<PaymentState>(['created', 'open', 'processing', 'review']);

function NextButtons({ payment, wayBack }: { payment: CustomerPaymentDetail; wayBack: WayBack | undefined }) {
  const here = useLocation();
  if (MOVES_BY_ITSELF.has(payment.state)) {
    return (
      <ButtonLink to={here.pathname + here.search} replace preventScrollReset>
        Check again
      </ButtonLink>
    );
  }
  if (payment.isTopUp && payment.state !== 'paid') {
    return (
      <ButtonLink to="/settings/auto-top-up" variant="primary">
        See your automatic top-up
      </ButtonLink>
    );
  }
  if (CAN_START_AGAIN.has(payment.state)) {
    return (
      <ButtonLink to="/" variant="primary">
        Choose a pack
      </ButtonLink>
    );
  }
  return (
    <>
      {wayBack === undefined ? null : (
        <ButtonLink to={wayBack.to} variant="primary" className="max-w-full">
          <span className="truncate">{wayBack.label}</span>
        </ButtonLink>
      )}
      <ButtonLink to="/">Buy more</ButtonLink>
    </>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data }) => {
  const title = data ? wordsOf(data.payment, data.cameBack, 'briefly').title : 'Your payment';
  return [{ title: `${title} · Credence` }];
};

export const handle: StoreHandle<{ balance: bigint }> = { balance: ({ balance }) => balance };

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/history', label: 'Go to your history' }}
      texts={{
        404: { title: 'No such payment', happened: 'There is no payment of yours under this address.' },
      }}
    />
  );
}
