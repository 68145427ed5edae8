import { type SubmissionResult } from '@conform-to/react';
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
import { readChosenCurrency } from '~/components/money/currency-cookie.server';
import { TopUpForm } from '~/components/money/top-up-form';
import { TopUpPurchases, TopUpStatus } from '~/components/money/top-up-status';
import {
  TOP_UP_DONE,
  TOP_UP_FAULT,
  type TopUpDone,
  type TopUpFault,
  WANTS_NEW_CARD,
} from '~/components/money/top-up-words';
import { useFreshFacts } from '~/components/money/use-fresh-facts';
import { type StoreHandle } from '~/components/shell/store-handle';
import { ButtonLink } from '~/components/ui/button';
import { Notice } from '~/components/ui/notice';
import { PageHeader } from '~/components/ui/page-header';
import { EmptyState } from '~/components/ui/states';
import { assertSameOrigin, clientOf, limitCheckout, requireCustomer } from '~/modules/auth/index.server';
import { type Shopper } from '~/modules/auth/shared';
import { listPacks, readCurrency } from '~/modules/catalog/index.server';
import { agree, seeTopUp, switchOff } from '~/modules/credits/index.server';
import { capOf, consentWords, TOP_UP_INTENTS, type TopUpView } from '~/modules/credits/shared';
import { readBalance } from '~/modules/ledger/index.server';
import { readLastCurrency } from '~/modules/payments/index.server';
import { currentRealm, stripeSettings } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { db } from '~/platform/db.server';
import { guessCountry } from '~/platform/country.server';
import { env } from '~/platform/env.server';
import { parseAgreement } from '~/store/parse-agreement.server';

export async function loader({ request }: LoaderFunctionArgs) {
  const { customerId, email } = await requireCustomer(request);
  const realm = await currentRealm();
  const cameBackFor = new URL(request.url).searchParams.get('setup') ?? undefined;
  const topUp = await seeTopUp(db(), stripeSettings(), {
    ...{ realm, customerId, cameBackFor, now: new Date() },
  });
  // What stands is changed in its own currency; who begins anew sees the shop's prices.
  const standing = isStanding(topUp) ? topUp.terms?.currency : undefined;
  const currency = standing ?? (await currencyFor(request, realm, customerId));
  const [packs, { available }] = await Promise.all([
    listPacks(db(), realm.id, currency),
    readBalance(db(), { book: realm.mode, customerId }),
  ]);
  const isOffered = stripeSettings().automaticTax !== true;
  return { topUp, packs, balance: available, isOffered, isMailed: email !== null };
}

const isStanding = ({ state }: { state: TopUpView['state'] }): boolean => state !== 'none' && state !== 'off';

async function currencyFor(
  request: Request,
  { id: realmId, mode: book }: RealmView,
  customerId: string,
): Promise<string> {
  const { currency } = await readCurrency(db(), {
    realmId,
    storeCurrency: env().STORE_CURRENCY,
    chosen: await readChosenCurrency(request),
    country: guessCountry(request.headers),
    paidIn: await readLastCurrency(db(), { book, customerId }),
  });
  return currency;
}

interface Reply {
  done?: TopUpDone;
  fault?: TopUpFault;
  result?: SubmissionResult<string[]>;
}
const answer = (reply: Reply, init?: ResponseInit) => data<Reply>(reply, init);

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const user = await requireCustomer(request);
  const form = await request.formData();
  switch (form.get('intent')) {
    case TOP_UP_INTENTS.off: {
      const { customerId } = user;
      const { id: realmId } = await currentRealm();
      await switchOff(db(), { realmId, customerId, cause: `customer:${customerId}` });
      return answer({ done: 'off' });
    }
    case TOP_UP_INTENTS.agree:
      return agreeTo(request, user, form);
    case null:
    default:
      return answer({ fault: 'bad_request' }, { status: 400 });
  }
}

async function agreeTo(request: Request, user: Shopper, form: FormData) {
  const submission = parseAgreement(form);
  if (submission.status !== 'success') return answer({ result: submission.reply() }, { status: 422 });
  if (!user.mayBuy) return answer({ fault: 'unverified' }, { status: 403 });
  const limit = await limitCheckout(request, user.customerId);
  if (limit.outcome === 'limited') {
    const headers = { 'Retry-After': String(limit.retryAfterSeconds) };
    return answer({ fault: 'limited' }, { status: 429, headers });
  }
  const { pack: code, currency, threshold, cap, card, words } = submission.value;
  const realm = await currentRealm();
  const pack = (await listPacks(db(), realm.id, currency)).find((one) => one.code === code);
  if (!pack) return answer({ fault: 'unknown_pack' }, { status: 404 });
  const { name: packName, credits, amount } = pack;
  const terms = { packCode: code, credits, amount, currency, threshold, monthlyCap: capOf(cap, currency) };
  const result = submission.reply();
  if (consentWords({ ...terms, packName }) !== words)
    return answer({ fault: 'read_again', result }, { status: 409 });
  const agreed = await agree(db(), stripeSettings(), {
    ...{ realm, terms, useSavedCard: card === 'saved', from: clientOf(request), appUrl: env().APP_URL },
    customer: { id: user.customerId, email: user.email, name: user.name },
    now: new Date(),
  });
  switch (agreed.outcome) {
    case 'on':
      return answer({ done: 'on' });
    case 'redirect':
      return redirect(agreed.url, 303);
    case 'price_changed':
      return answer({ fault: 'read_again', result }, { status: 409 });
    case 'refused':
    case 'unknown':
      return answer({ fault: agreed.outcome, result }, { status: 502 });
    case 'selling_paused':
      return answer({ fault: 'selling_paused', result }, { status: 503 });
    case 'unknown_pack':
      return answer({ fault: 'unknown_pack', result }, { status: 404 });
    case 'cap_below_price':
    case 'in_debt':
    case 'in_dispute':
    case 'frozen':
    case 'not_offered':
      return answer({ fault: agreed.outcome, result }, { status: 409 });
  }
}

export default function AutoTopUpPage() {
  const { topUp, packs, isOffered, isMailed } = useLoaderData<typeof loader>();
  const replied = useActionData<typeof action>();
  const moves = topUp.isAwaited || topUp.purchases.some(({ state }) => state === 'under_way');
  const stands = isStanding(topUp);
  useFreshFacts(moves ? 'brisk' : topUp.state === 'on' ? 'calm' : 'never', topUp.state);
  const [first, ...others] = packs;
  return (
    <div className="mx-auto max-w-[38rem]">
      <PageHeader
        title="Automatic top-up"
        description={
          isOffered
            ? 'Never run out: a pack is bought with your saved card when your credits run low.'
            : undefined
        }
        back={{ to: '/history', label: 'History' }}
      />
      <div className="grid gap-6">
        {replied?.done === undefined ? null : (
          <Notice tone="ok" role="status">
            {TOP_UP_DONE[replied.done]}
          </Notice>
        )}
        {replied?.fault === undefined ? null : (
          <Notice tone="bad" role="alert">
            {TOP_UP_FAULT[replied.fault]}
          </Notice>
        )}
        {topUp.isAwaited ? (
          <Notice tone="info" role="status" title="Your card is being saved">
            Stripe tells us in a moment. You need to do nothing; this page fills by itself.
          </Notice>
        ) : null}
        {stands ? <TopUpStatus topUp={topUp} isOffered={isOffered} /> : null}
        {!isOffered ? (
          <EmptyState
            title="Automatic top-up is not offered here"
            action={<ButtonLink to="/">Choose a pack</ButtonLink>}
          >
            Tax has to be worked out on a payment page, so nothing can be bought without one. Buy a pack
            yourself whenever you need it.
          </EmptyState>
        ) : first === undefined ? (
          <EmptyState title="Nothing is for sale yet">
            A pack to buy automatically can be chosen here as soon as the shop has one.
          </EmptyState>
        ) : (
          <TopUpForm
            key={`${topUp.state} ${topUp.card?.last4 ?? ''} ${replied?.fault ?? replied?.done ?? ''}`}
            packs={[first, ...others]}
            terms={topUp.terms}
            savedCard={topUp.savedCard}
            state={topUp.state}
            wantsNewCard={WANTS_NEW_CARD.has(topUp.pause?.reason)}
            lastResult={replied?.result}
          />
        )}
        {stands || topUp.purchases.length > 0 ? (
          <TopUpPurchases purchases={topUp.purchases} isMailed={isMailed} />
        ) : null}
      </div>
    </div>
  );
}

/** Carries Retry-After to a page without JavaScript too. */
export const headers: HeadersFunction = ({ actionHeaders }) => actionHeaders;

export const meta: MetaFunction = () => [{ title: 'Automatic top-up · Credence' }];

export const handle: StoreHandle<{ balance: bigint }> = { balance: ({ balance }) => balance };

export function ErrorBoundary() {
  return <RouteErrorBoundary />;
}
