import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useSearchParams } from '@remix-run/react';
import { type ActReply } from '~/components/console/act-reply';
import { ListCard } from '~/components/console/list-card';
import { LIST_TEXTS } from '~/components/console/list-texts';
import { SettlementCard } from '~/components/console/settlement-acts';
import { SettlementFigures, SHOWN_LABEL } from '~/components/console/settlement-comparison';
import { SettlementTable } from '~/components/console/settlement-table';
import { SettingsTabs } from '~/components/console/settings-tabs';
import { useHeldData } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Notice } from '~/components/ui/notice';
import { PageHeader } from '~/components/ui/page-header';
import { Tabs } from '~/components/ui/tabs';
import { parseAct } from '~/console/act-form.server';
import { type SettlementForm, settlementForm } from '~/console/settlement-form.server';
import { consoleRealm, pageOf, readSettlement, settlementFilters } from '~/modules/admin/index.server';
import { actOnce } from '~/modules/audit/index.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { changeSettlement, type SettlementChange } from '~/modules/payments/index.server';
import { SETTLEMENT_RULE_LABEL, SETTLEMENT_RULES } from '~/modules/payments/shared';
import { assertNever } from '~/platform/assert-never';
import { db } from '~/platform/db.server';

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const view = await readSettlement(db(), realm.id, settlementFilters(searchParams), pageOf(searchParams));
  return { realm, view, mayAct: hasRole(user.role, 'finance') };
}

export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'finance');
  if (acting.outcome !== 'acting') return acting;
  const parsed = parseAct(await request.formData(), settlementForm);
  if (!parsed.ok) return parsed.reply;
  const { key, realm: realmId, reason, comment } = parsed.value;
  if (realmId !== (await consoleRealm()).id)
    return { outcome: 'refused', message: 'Another account sells here now. Load the page again.' };
  const actor = acting.user.id;
  const did = await actOnce(db(), 'change settlement', { key, actor, done: ['set'] }, (tx) =>
    changeSettlement(tx, { realmId, ...changeOf(parsed.value) }, { actor, reason, comment }),
  );
  switch (did.outcome) {
    case 'set':
      return { outcome: 'done', message: 'It holds from the next fact on. Every admin is told by mail.' };
    case 'unchanged':
    case 'repeated':
      return { outcome: 'done', message: 'It stands so already.' };
    case 'same_rule':
      return { outcome: 'refused', message: 'That rule is the current one.' };
    case 'no_candidate':
      return { outcome: 'refused', message: 'There is no candidate any more. Load the page again.' };
    case 'nothing_to_roll_back':
      return { outcome: 'refused', message: 'There is nothing to roll back any more.' };
    default:
      return assertNever(did);
  }
}

function changeOf(wanted: SettlementForm): SettlementChange {
  if (wanted.intent !== 'try') return { change: wanted.intent };
  const { candidate = null, percentage } = wanted;
  return { change: 'try', candidate, percentage };
}

export default function SettlementSettings() {
  const { realm, view, mayAct } = useHeldData(useLoaderData<typeof loader>());
  const { policy, other, days, show, comparison, list } = view;
  const [search] = useSearchParams();
  const place = (name: string, value: string) => {
    const query = new URLSearchParams(search);
    for (const gone of ['after', 'before', 'show']) query.delete(gone);
    query.set(name, value);
    return `?${query.toString()}`;
  };
  const others = SETTLEMENT_RULES.filter((rule) => rule !== policy.current);
  return (
    <>
      <PageHeader
        title="Settings"
        description="Which fact of Stripe settles a payment, and what another rule would have decided."
      />
      <SettingsTabs />
      {mayAct ? null : (
        <Notice tone="idle" className="mb-4">
          Only finance and admins change which rule settles. You see how it is set.
        </Notice>
      )}
      <SettlementCard realm={realm} policy={policy} mayAct={mayAct} />
      <section aria-labelledby="comparison" className="mt-6 grid gap-4">
        <h2 id="comparison" className="text-base font-semibold">
          Compared with {SETTLEMENT_RULE_LABEL[policy.current].toLowerCase()}
        </h2>
        <Tabs
          label="The other rule"
          tabs={others.map((rule) => ({ to: place('with', rule), label: SETTLEMENT_RULE_LABEL[rule] }))}
          current={place('with', other)}
        />
        <SettlementFigures view={view} />
        {comparison.isCut ? (
          <p className="text-xs text-text-muted">Of the newest 10,000 in these days.</p>
        ) : null}
        <Tabs
          label="Days"
          tabs={[1, 7, 30].map((n) => ({
            to: place('days', String(n)),
            label: n === 1 ? 'A day' : `${n} days`,
          }))}
          current={place('days', String(days))}
        />
        {show === undefined ? null : (
          <p className="text-sm">
            Payments: {SHOWN_LABEL[show].toLowerCase()}.{' '}
            <Link to={place('days', String(days))} preventScrollReset className="prose-link">
              Show all
            </Link>
          </p>
        )}
        <ListCard
          list={list}
          noun={['payment', 'payments']}
          isFiltered={show !== undefined}
          empty="Each pack that is proven paid appears here, with when each rule had its event."
        >
          <SettlementTable rows={list.rows} />
        </ListCard>
      </section>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Settlement · Credence console' }];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/settings/settlement', label: 'Show the settlement rule' }}
      texts={LIST_TEXTS}
    />
  );
}
