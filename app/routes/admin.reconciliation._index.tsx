import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData, useLocation } from '@remix-run/react';
import { type ActReply } from '~/components/console/act-reply';
import { useConsole } from '~/components/console/console-context';
import { FilterBar } from '~/components/console/filter-bar';
import { FindingTable } from '~/components/console/finding-table';
import { ListCard } from '~/components/console/list-card';
import { LIST_TEXTS } from '~/components/console/list-texts';
import { realmChoice } from '~/components/console/realm-choice';
import { AutoRepairCard, lastWords, RunsCard, StandingKinds } from '~/components/console/reconcile-cards';
import { SavedViews } from '~/components/console/saved-views';
import { useHeldData, useLive } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { PageHeader } from '~/components/ui/page-header';
import { parseAct } from '~/console/act-form.server';
import { autoRepairForm } from '~/console/finding-form.server';
import {
  consoleRealm,
  findingFilters,
  listFindings,
  pageOf,
  readRealms,
  readReconciliation,
} from '~/modules/admin/index.server';
import { actOnce } from '~/modules/audit/index.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { FINDING_KINDS, FINDING_STATE, FINDING_STATES, FINDING_WORDS } from '~/modules/findings/shared';
import { setAutoRepair } from '~/modules/reconciliation/index.server';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  const { role } = await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = findingFilters(searchParams, await readRealms(db()), realm.id);
  const list = await listFindings(db(), filters, pageOf(searchParams));
  return { list, ...(await readReconciliation(db(), realm.id)), maySwitch: hasRole(role, 'finance') };
}

export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'finance');
  if (acting.outcome !== 'acting') return acting;
  const parsed = parseAct(await request.formData(), autoRepairForm);
  if (!parsed.ok) return parsed.reply;
  const { key, intent, reason, comment } = parsed.value;
  const isOn = intent === 'switch_on';
  const actor = acting.user.id;
  const { id: realmId } = await consoleRealm();
  const { outcome } = await actOnce(db(), 'set auto repair', { key, actor, done: ['set'] }, (tx) =>
    setAutoRepair(tx, { realmId, isOn, actor, reason, comment }),
  );
  const how = isOn ? 'on' : 'off';
  return {
    outcome: 'done',
    message:
      outcome === 'set'
        ? `Automatic repair is ${how} now.`
        : `Automatic repair is ${how} already. Nothing was changed.`,
  };
}

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

/** Named lists; the first is all. */
const VIEWS: readonly { label: string; values: readonly string[] }[] = [
  { label: 'All', values: [] },
  { label: 'Standing', values: ['open', 'repairing'] },
  { label: 'Repaired', values: ['repaired'] },
  { label: 'Dismissed', values: ['dismissed'] },
];

export default function ReconciliationPage() {
  const { list, runs, standing, autoRepair, maySwitch } = useHeldData(useLoaderData<typeof loader>());
  useLive();
  const { realms } = useConsole();
  const { search } = useLocation();
  return (
    <>
      <PageHeader
        title="Reconciliation"
        description="What Stripe’s objects say, compared with our rows, whether or not an event ever told of it."
      />
      <StandingKinds standing={standing} />
      <SavedViews label="Saved views" name="state" views={VIEWS} />
      <FilterBar
        text={{ name: 'q', label: 'Any id', placeholder: 'Payment, customer, any id', chip: 'Search' }}
        choices={[
          {
            ...{ name: 'kind', label: 'Kind' },
            options: FINDING_KINDS.map((value) => ({ value, label: FINDING_WORDS[value].label })),
          },
          {
            ...{ name: 'state', label: 'State' },
            options: FINDING_STATES.map((value) => ({ value, label: FINDING_STATE[value].label })),
          },
          realmChoice(realms),
        ]}
        ranges={[{ label: 'Found', kind: 'days', from: 'since', to: 'until' }]}
      />
      <ListCard list={list} noun={['finding', 'findings']} isFiltered={search !== ''} empty={lastWords(runs)}>
        <FindingTable rows={list.rows} />
      </ListCard>
      <div className="mt-4 grid items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <RunsCard runs={runs} />
        <AutoRepairCard autoRepair={autoRepair} mayAct={maySwitch} />
      </div>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Reconciliation · Credence console' }];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/reconciliation', label: 'Show all findings' }}
      texts={LIST_TEXTS}
    />
  );
}
