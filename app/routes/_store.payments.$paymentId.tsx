import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData, useRevalidator } from '@remix-run/react';
import { useEffect } from 'react';

import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Amount } from '~/components/money/amount';
import { Credits } from '~/components/money/credits';
import { PaymentSteps } from '~/components/money/payment-steps';
import { type StoreHandle } from '~/components/shell/store-handle';
import { ButtonLink } from '~/components/ui/button';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { PageHeader } from '~/components/ui/page-header';
import { Timestamp } from '~/components/ui/time';
import { requireCustomer } from '~/modules/auth/index.server';
import { readBalance } from '~/modules/ledger/index.server';
import { checkOnReturn, readCustomerPayment } from '~/modules/payments/index.server';
import { type CustomerPaymentView, type PaymentState } from '~/modules/payments/shared';
import { currentRealm, stripeSettings } from '~/modules/stripe/index.server';
import { db } from '~/platform/db.server';
import { seconds } from '~/platform/time';

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { customerId } = await requireCustomer(request);
  const realm = await currentRealm();
  const paymentId = params['paymentId'] ?? '';
  const key = { realmId: realm.id, customerId, paymentId };
  const before = await readCustomerPayment(db(), key);
  if (!before) throw new Response(null, { status: 404 });
  const cameBack = new URL(request.url).searchParams.has('session_id');
  if (cameBack && isMoving(before.state))
    await checkOnReturn(db(), stripeSettings(), { realm, paymentId, now: Date.now() });
  const payment = (await readCustomerPayment(db(), key)) ?? before;
  const { available } = await readBalance(db(), { book: realm.mode, customerId });
  return { payment, balance: available, cameBack };
}

const MOVING = new Set<PaymentState>(['created', 'open', 'processing']);
const isMoving = (state: PaymentState) => MOVING.has(state);

const CAN_START_AGAIN = new Set<PaymentState>(['expired', 'canceled', 'failed']);

const TITLE: Record<PaymentState, string> = {
  created: 'Your payment page is being prepared',
  open: 'Waiting for your payment',
  processing: 'Your bank is confirming the payment',
  expired: 'This payment page has expired',
  canceled: 'This payment was canceled',
  failed: 'This payment did not go through',
  review: 'Payment received and being checked',
  paid: 'Credits added',
};

export default function PaymentPage() {
  const { payment, balance, cameBack } = useLoaderData<typeof loader>();
  useFreshFacts(isMoving(payment.state) && (cameBack || payment.state === 'processing'));
  const title = cameBack && payment.state === 'open' ? 'Confirming your payment' : TITLE[payment.state];
  return (
    <div className="mx-auto max-w-[36rem]">
      <PageHeader
        title={title}
        back={{ to: '/history', label: 'History' }}
        description={
          <>
            {payment.packName} · <Credits value={payment.credits} unit /> ·{' '}
            <Amount minor={payment.amountPaid ?? payment.amountSubtotal} currency={payment.currency} />
          </>
        }
      />
      <div className="mt-6">
        <PaymentSteps payment={payment} balance={balance} cameBack={cameBack} />
      </div>
      <div className="mt-10 border-t pt-6">
        <PaymentFacts payment={payment} />
      </div>
      <div className="mt-8 flex flex-wrap gap-3">
        {payment.sessionUrl !== null && !cameBack ? (
          <ButtonLink to={payment.sessionUrl} variant="primary">
            Go on to the payment page
          </ButtonLink>
        ) : null}
        <ButtonLink to="/" variant={CAN_START_AGAIN.has(payment.state) ? 'primary' : 'secondary'}>
          {payment.state === 'paid' ? 'Buy more' : 'Choose a pack'}
        </ButtonLink>
      </div>
    </div>
  );
}

function PaymentFacts({ payment }: { payment: CustomerPaymentView }) {
  return (
    <FactList>
      <Fact label="Payment">
        <CopyId id={payment.id} label="payment id" />
      </Fact>
      <Fact label="Started">
        <Timestamp at={payment.createdAt} />
      </Fact>
      {payment.paidAt === null ? null : (
        <Fact label="Paid">
          <Timestamp at={payment.paidAt} />
        </Fact>
      )}
      {payment.card === null ? null : (
        <Fact label="Card">
          <span className="capitalize">{payment.card}</span>
        </Fact>
      )}
      {payment.receiptUrl === null ? null : (
        <Fact label="Receipt">
          <a className="prose-link" href={payment.receiptUrl} rel="noreferrer">
            Open the receipt
          </a>
        </Fact>
      )}
      {payment.invoiceUrl === null ? null : (
        <Fact label="Invoice">
          <a className="prose-link" href={payment.invoiceUrl} rel="noreferrer">
            Open the invoice
          </a>
        </Fact>
      )}
    </FactList>
  );
}

/** Asks again every second while something is still to come and the page is in view. */
function useFreshFacts(isActive: boolean) {
  const revalidator = useRevalidator();
  useEffect(() => {
    if (!isActive) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible' && revalidator.state === 'idle') revalidator.revalidate();
    }, seconds(1));
    return () => clearInterval(timer);
  }, [isActive, revalidator]);
}

export const meta: MetaFunction = () => [{ title: 'Your payment · Credence' }];

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
