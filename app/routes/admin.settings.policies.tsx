import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { type ActReply } from '~/components/console/act-reply';
import { MoneyBackCard, NoticesCard } from '~/components/console/policy-cards';
import { RetentionCard } from '~/components/console/retention-card';
import { AdminsOnly } from '~/components/console/settings-parts';
import { SettingsTabs } from '~/components/console/settings-tabs';
import { useHeldData } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { PageHeader } from '~/components/ui/page-header';
import { parseAct } from '~/console/act-form.server';
import { type PolicyAct, policyForm } from '~/console/policy-form.server';
import { consoleRealm } from '~/modules/admin/index.server';
import { actOnce } from '~/modules/audit/index.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { readRetention, setRetention } from '~/modules/customers/index.server';
import { changeNotices, readNotices } from '~/modules/ledger/index.server';
import { readMoneyBackPolicy, setMoneyBackPolicy } from '~/modules/payments/index.server';
import { assertNever } from '~/platform/assert-never';
import { db } from '~/platform/db.server';

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const [policy, notices, retention] = await Promise.all([
    readMoneyBackPolicy(db(), realm.id),
    readNotices(db(), realm.mode),
    readRetention(db()),
  ]);
  return { realm, policy, notices, retention, mayAct: hasRole(user.role, 'admin') };
}

export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'admin');
  if (acting.outcome !== 'acting') return acting;
  const parsed = parseAct(await request.formData(), policyForm);
  if (!parsed.ok) return parsed.reply;
  return carryOut(parsed.value, acting.user.id);
}

async function carryOut(wanted: PolicyAct, actor: string): Promise<ActReply> {
  const { key, reason, comment } = wanted;
  const why = { actor, reason, comment };
  if (wanted.intent === 'money_back' && wanted.realm !== (await consoleRealm()).id)
    return { outcome: 'refused', message: 'Another account sells here now. Load the page again.' };
  const did = await actOnce(db(), 'set policy', { key, actor, done: ['set', 'changed'] }, async (tx) => {
    switch (wanted.intent) {
      case 'money_back': {
        const { realm: realmId, refund, dispute } = wanted;
        return setMoneyBackPolicy(tx, { ...why, realmId, policy: { refund, dispute } });
      }
      case 'notices': {
        const { book, low, days } = wanted;
        const lowBalance = low === undefined ? null : BigInt(low);
        return changeNotices(tx, book, { lowBalance, expiryNoticeDays: days ?? null }, why);
      }
      case 'retention': {
        const { kind, days } = wanted;
        return setRetention(tx, { ...why, kind, days: days ?? null });
      }
      default:
        return assertNever(wanted);
    }
  });
  switch (did.outcome) {
    case 'set':
    case 'changed':
      return { outcome: 'done', message: 'It holds from now on.' };
    case 'unchanged':
    case 'repeated':
      return { outcome: 'done', message: 'It stands so already.' };
    default:
      return assertNever(did);
  }
}

export default function PolicySettings() {
  const { realm, policy, notices, retention, mayAct } = useHeldData(useLoaderData<typeof loader>());
  return (
    <>
      <PageHeader
        title="Settings"
        description="What happens by itself: when credits or money go, and with what names people."
      />
      <SettingsTabs />
      <AdminsOnly mayAct={mayAct} what="change policies" />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <MoneyBackCard realm={realm} policy={policy} mayAct={mayAct} />
        <NoticesCard book={realm.mode} notices={notices} mayAct={mayAct} />
        <RetentionCard retention={retention} mayAct={mayAct} />
      </div>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Policies · Credence console' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary home={{ to: '/admin', label: 'Go to the overview' }} />;
}
