import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';

import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { BuyForm } from '~/components/money/buy-form';
import { CheckoutFault } from '~/components/money/checkout-fault';
import { Credits } from '~/components/money/credits';
import { readChosenCurrency } from '~/components/money/currency-cookie.server';
import { CurrencyPicker } from '~/components/money/currency-picker';
import { PackCard } from '~/components/money/pack-card';
import { PlanShelf } from '~/components/money/plan-shelf';
import { type StoreHandle } from '~/components/shell/store-handle';
import { ButtonLink } from '~/components/ui/button';
import { Notice } from '~/components/ui/notice';
import { EmptyState } from '~/components/ui/states';
import {
  assertSameOrigin,
  currentVisitor,
  leadBack,
  limitCheckout,
  requireCustomer,
  shopperOf,
} from '~/modules/auth/index.server';
import { type Visitor } from '~/modules/auth/shared';
import { findPackForSale, listPacks, listPlans, readCurrency } from '~/modules/catalog/index.server';
import { readBalance } from '~/modules/ledger/index.server';
import { isPaused } from '~/modules/pauses/index.server';
import { readLastCurrency, startCheckout } from '~/modules/payments/index.server';
import { currentRealm, stripeSettings } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { hasLivePlan } from '~/modules/subscriptions/index.server';
import { db } from '~/platform/db.server';
import { guessCountry } from '~/platform/country.server';
import { env } from '~/platform/env.server';
import { newId } from '~/platform/ids.server';
import { purchaseForm } from '~/store/purchase-form.server';

export async function loader({ request }: LoaderFunctionArgs) {
  const visitor = await currentVisitor(request);
  if (visitor === undefined) await leadBack(request);
  const realm = await currentRealm();
  const { buyer, customerId } = buyerOf(visitor);
  const { currency, currencies } = await currencyFor(request, { realm, customerId });
  const [packs, plans] = await Promise.all([
    listPacks(db(), realm.id, currency),
    listPlans(db(), { realmId: realm.id, currency }),
  ]);
  const balance =
    customerId === undefined ? undefined : await readBalance(db(), { book: realm.mode, customerId });
  return {
    packs,
    currency,
    currencies,
    plans,
    planOrder: newId('sbo'),
    hasPlan: customerId !== undefined && (await hasLivePlan(db(), { book: realm.mode, customerId })),
    // Sent twice, by a double click or from two tabs of one page, it is one order.
    order: newId('pay'),
    balance: balance?.available,
    buyer,
    isSold: !(await isPaused(db(), { book: realm.mode, work: 'selling' })),
  };
}

function buyerOf(visitor: Visitor | undefined) {
  if (visitor === undefined) return { buyer: 'nobody', customerId: undefined } as const;
  const shopper = shopperOf(visitor);
  if (shopper === undefined) return { buyer: 'staff', customerId: undefined } as const;
  return { buyer: shopper.mayBuy ? 'ready' : 'unverified', customerId: shopper.customerId } as const;
}

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const user = await requireCustomer(request);
  if (!user.mayBuy) return data({ fault: 'unverified' } as const, { status: 403 });
  const form = purchaseForm.safeParse(Object.fromEntries(await request.formData()));
  if (!form.success) return data({ fault: 'bad_request' } as const, { status: 400 });
  const limit = await limitCheckout(request, user.customerId);
  if (limit.outcome === 'limited') {
    const { retryAfterSeconds } = limit;
    return data({ fault: 'limited', retryAfterSeconds } as const, {
      status: 429,
      headers: { 'Retry-After': String(retryAfterSeconds) },
    });
  }
  const realm = await currentRealm();
  const visitor = { realm, customerId: user.customerId };
  const { pack: code, currency = (await currencyFor(request, visitor)).currency } = form.data;
  const pack = await findPackForSale(db(), { realmId: realm.id, code, currency });
  if (!pack) return data({ fault: 'unknown_pack' } as const, { status: 404 });
  const started = await startCheckout(db(), stripeSettings(), {
    orderId: form.data.order,
    realm,
    customer: { id: user.customerId, email: user.email, name: user.name },
    pack,
    quantity: 1,
    appUrl: env().APP_URL,
  });
  if (started.outcome === 'selling_paused')
    return data({ fault: 'selling_paused' } as const, { status: 503 });
  // The payment's own page tells what Stripe refused or has not answered, and goes on from there.
  const next = started.outcome === 'redirect' ? started.url : `/payments/${started.paymentId}`;
  return redirect(next, 303);
}

/** What this visitor sees prices in. */
async function currencyFor(
  request: Request,
  { realm: { id: realmId, mode: book }, customerId }: { realm: RealmView; customerId: string | undefined },
) {
  return readCurrency(db(), {
    realmId,
    storeCurrency: env().STORE_CURRENCY,
    chosen: await readChosenCurrency(request),
    country: guessCountry(request.headers),
    paidIn: await readLastCurrency(db(), { book, customerId }),
  });
}

export default function PacksPage() {
  const { packs, plans, planOrder, hasPlan, currency, currencies, order, balance, buyer, isSold } =
    useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  return (
    <>
      <header className="mb-10 max-w-[36rem]">
        <h1 className="text-3xl font-semibold sm:text-4xl">Buy credits</h1>
        <p className="mt-3 text-lg text-text-muted">
          Pay once, spend as you go. Your credits are ready the moment your payment is confirmed.
        </p>
        {balance === undefined ? null : (
          <p className="mt-6 text-base">
            You have <Credits value={balance} unit className="font-semibold" />.
          </p>
        )}
      </header>
      {result === undefined ? null : <CheckoutFault {...result} />}
      {buyer === 'unverified' && result?.fault !== 'unverified' ? <VerifyFirst /> : null}
      {buyer === 'staff' ? (
        <Notice tone="info" className="mb-8">
          Staff accounts hold no credits. Log in as a customer to buy.
        </Notice>
      ) : null}
      {packs.length === 0 ? (
        <EmptyState title="Nothing is for sale yet">
          Packs appear here as soon as the shop has them.
        </EmptyState>
      ) : (
        <>
          <CurrencyPicker currency={currency} currencies={currencies} className="mb-5" />
          <ul className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
            {packs.map((pack) => (
              <li key={pack.code} className="flex">
                <PackCard pack={pack}>
                  {buyer === 'nobody' ? (
                    <ButtonLink
                      to="/log-in?next=/"
                      variant={pack.isBestValue ? 'primary' : 'secondary'}
                      size="lg"
                      block
                    >
                      Log in to buy
                    </ButtonLink>
                  ) : (
                    <BuyForm pack={pack} order={order} disabled={buyer !== 'ready' || !isSold} />
                  )}
                </PackCard>
              </li>
            ))}
          </ul>
        </>
      )}
      <PlanShelf plans={plans} order={planOrder} buyer={hasPlan ? 'subscribed' : buyer} isSold={isSold} />
      <p className="mt-8 text-sm text-text-muted">
        You pay on Stripe’s page; your card number never reaches us. Each purchase comes with a receipt and an
        invoice.
      </p>
    </>
  );
}

function VerifyFirst() {
  return (
    <div className="mb-8">
      <Notice
        tone="warn"
        title="Confirm your e-mail address to buy"
        action={
          <ButtonLink to="/account" size="sm">
            Didn’t get it?
          </ButtonLink>
        }
      >
        We sent you an e-mail with a link. Once you have used it, you can buy.
      </Notice>
    </div>
  );
}

/** Lets Retry-After through to the browser. */
export const headers: HeadersFunction = ({ actionHeaders }) => actionHeaders;

export const meta: MetaFunction = () => [{ title: 'Buy credits · Credence' }];

export const handle: StoreHandle<{ balance: bigint | undefined }> = { balance: ({ balance }) => balance };

export function ErrorBoundary() {
  return <RouteErrorBoundary />;
}
