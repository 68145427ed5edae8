import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';

import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { MyPlanCard } from '~/components/money/my-plan';
import { PlanChoices } from '~/components/money/plan-choices';
import { PLAN_DONE, PLAN_FAULT, type PlanDone, type PlanFault } from '~/components/money/plan-words';
import { useFreshFacts } from '~/components/money/use-fresh-facts';
import { type StoreHandle } from '~/components/shell/store-handle';
import { ButtonLink } from '~/components/ui/button';
import { Notice } from '~/components/ui/notice';
import { PageHeader } from '~/components/ui/page-header';
import { EmptyState } from '~/components/ui/states';
import { assertSameOrigin, limitCheckout, requireCustomer } from '~/modules/auth/index.server';
import { type Shopper } from '~/modules/auth/shared';
import { findPlanForSale } from '~/modules/catalog/index.server';
import { readBalance } from '~/modules/ledger/index.server';
import { currentRealm, openPortal, settingsOf, stripeSettings } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import {
  askForChange,
  findPlanRealm,
  listChoices,
  seePlans,
  startPlan,
  type WantedChange,
} from '~/modules/subscriptions/index.server';
import { db } from '~/platform/db.server';
import { env } from '~/platform/env.server';
import { type PlanForm, planForm } from '~/store/plan-form.server';

export async function loader({ request }: LoaderFunctionArgs) {
  const { customerId } = await requireCustomer(request);
  const realm = await currentRealm();
  const query = new URL(request.url).searchParams;
  const cameBackFor = query.has('session_id') ? (query.get('order') ?? undefined) : undefined;
  const seen = await seePlans(db(), settingsOf, { book: realm.mode, customerId, cameBackFor });
  const [first] = seen.plans;
  const [choices, { available }] = await Promise.all([
    first === undefined || first.isChanging || first.isOfFormer
      ? []
      : listChoices(db(), { realmId: realm.id, customerId, subscriptionId: first.id }),
    readBalance(db(), { book: realm.mode, customerId }),
  ]);
  return { ...seen, choices, balance: available };
}

const answer = (reply: { done?: PlanDone; fault?: PlanFault }, init?: ResponseInit) =>
  data<{ done?: PlanDone; fault?: PlanFault }>(reply, init);

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const user = await requireCustomer(request);
  const parsed = planForm.safeParse(Object.fromEntries(await request.formData()));
  if (!parsed.success) return answer({ fault: 'bad_request' }, { status: 400 });
  const realm = await currentRealm();
  const { data: wanted } = parsed;
  switch (wanted.intent) {
    case 'start':
      return start(request, user, realm, wanted);
    case 'portal':
      return portal(user.customerId, realm, wanted.subscription);
    case 'cancel':
    case 'resume':
    case 'change':
      return change(user.customerId, realm, wanted);
  }
}

async function start(
  request: Request,
  user: Shopper,
  realm: RealmView,
  wanted: Extract<PlanForm, { intent: 'start' }>,
) {
  if (!user.mayBuy) return answer({ fault: 'unverified' }, { status: 403 });
  const limit = await limitCheckout(request, user.customerId);
  if (limit.outcome === 'limited') {
    const headers = { 'Retry-After': String(limit.retryAfterSeconds) };
    return answer({ fault: 'limited' }, { status: 429, headers });
  }
  const plan = await findPlanForSale(db(), {
    ...{ realmId: realm.id, code: wanted.plan, currency: wanted.currency },
  });
  if (!plan) return answer({ fault: 'unknown_plan' }, { status: 404 });
  const started = await startPlan(db(), stripeSettings(), {
    orderId: wanted.order,
    realm,
    customer: { id: user.customerId, email: user.email, name: user.name },
    plan,
    appUrl: env().APP_URL,
  });
  if (started.outcome === 'redirect') return redirect(started.url, 303);
  if (started.outcome === 'repeated') return redirect('/plan', 303);
  return answer({ fault: started.outcome }, { status: START_STATUS[started.outcome] });
}

const START_STATUS = { already_subscribed: 409, selling_paused: 503, refused: 502, unknown: 502 } as const;

/** Cards and invoices of a plan are where it was sold. */
async function portal(customerId: string, selling: RealmView, subscription: string | undefined) {
  const returnUrl = `${env().APP_URL}/plan`;
  const of = subscription && { id: subscription, customerId, book: selling.mode };
  const realm = of ? await findPlanRealm(db(), of) : selling;
  if (realm === undefined) throw new Response(null, { status: 404 });
  const key = await settingsOf(realm.id);
  if (key.outcome === 'no_key') return answer({ fault: 'no_key' }, { status: 503 });
  const opened = await openPortal(db(), key.settings, { realmId: realm.id, customerId, returnUrl });
  if (opened.outcome === 'redirect') return redirect(opened.url, 303);
  if (opened.outcome === 'no_customer') return answer({ fault: 'nothing_to_manage' }, { status: 409 });
  return answer({ fault: opened.outcome }, { status: 502 });
}

type Change = Exclude<PlanForm, { intent: 'start' | 'portal' }>;

async function change(customerId: string, selling: RealmView, wanted: Change) {
  const of = { id: wanted.subscription, customerId, book: selling.mode };
  const realm = await findPlanRealm(db(), of);
  if (realm === undefined) throw new Response(null, { status: 404 });
  // Another plan is a purchase, and only the selling realm sells.
  if (wanted.intent === 'change' && realm.id !== selling.id)
    return answer({ fault: 'of_former' }, { status: 409 });
  const asked = await wantedOf(wanted, realm);
  if (!asked) return answer({ fault: 'unknown_plan' }, { status: 404 });
  const key = await settingsOf(realm.id);
  if (key.outcome === 'no_key') return answer({ fault: 'no_key' }, { status: 503 });
  const changed = await askForChange(db(), key.settings, {
    realm,
    customerId,
    subscriptionId: wanted.subscription,
    wanted: asked,
  });
  switch (changed.outcome) {
    case 'done':
      return answer({ done: wanted.intent });
    case 'not_found':
      throw new Response(null, { status: 404 });
    case 'refused':
      return answer({ fault: changed.isCard ? 'declined' : 'not_possible' }, { status: 409 });
    case 'not_possible':
    case 'busy':
      return answer({ fault: changed.outcome }, { status: 409 });
    case 'selling_paused':
      return answer({ fault: 'selling_paused' }, { status: 503 });
    case 'unknown':
      return answer({ fault: 'unknown' }, { status: 502 });
  }
}

async function wantedOf(wanted: Change, realm: RealmView): Promise<WantedChange | undefined> {
  if (wanted.intent !== 'change') return { want: wanted.intent };
  const plan = await findPlanForSale(db(), {
    realmId: realm.id,
    code: wanted.plan,
    currency: wanted.currency,
  });
  return plan && { want: 'plan', plan };
}

export default function PlanPage() {
  const { plans, choices, isAwaited } = useLoaderData<typeof loader>();
  const replied = useActionData<typeof action>();
  const moves = isAwaited || plans.some(({ isChanging }) => isChanging);
  const owes = plans.some(({ owed }) => owed !== undefined);
  useFreshFacts(
    moves ? 'brisk' : owes ? 'calm' : 'never',
    plans.map(({ id, state }) => `${id} ${state}`).join(),
  );
  const [first] = plans;
  return (
    <div className="mx-auto max-w-[38rem]">
      <PageHeader title="Your plan" back={{ to: '/history', label: 'History' }} />
      <div className="grid gap-6">
        {replied?.done === undefined ? null : (
          <Notice tone="ok" role="status">
            {PLAN_DONE[replied.done]}
          </Notice>
        )}
        {replied?.fault === undefined ? null : (
          <Notice tone="bad" role="alert">
            {PLAN_FAULT[replied.fault]}
          </Notice>
        )}
        {isAwaited ? (
          <Notice tone="info" role="status" title="Your plan is being set up">
            Stripe tells us in a moment. You need to do nothing; this page fills by itself.
          </Notice>
        ) : null}
        {plans.map((plan) => (
          <MyPlanCard key={plan.id} plan={plan} />
        ))}
        {first === undefined ? null : <PlanChoices subscriptionId={first.id} choices={choices} />}
        {first === undefined && !isAwaited ? (
          <EmptyState title="You have no plan">A plan brings new credits with every period.</EmptyState>
        ) : null}
        {plans.every(({ state }) => state === 'ended') && !isAwaited ? (
          <div className="flex justify-center">
            <ButtonLink to="/#plans" variant="primary">
              Choose a plan
            </ButtonLink>
          </div>
        ) : null}
      </div>
    </div>
  );
}

export const meta: MetaFunction = () => [{ title: 'Your plan · Credence' }];

export const handle: StoreHandle<{ balance: bigint }> = { balance: ({ balance }) => balance };

export function ErrorBoundary() {
  return <RouteErrorBoundary />;
}
