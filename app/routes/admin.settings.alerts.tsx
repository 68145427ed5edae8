import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { type ActReply } from '~/components/console/act-reply';
import { AlertChannelCard, AlertRuleTable } from '~/components/console/alert-settings';
import { AdminsOnly } from '~/components/console/settings-parts';
import { SettingsTabs } from '~/components/console/settings-tabs';
import { useHeldData } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { PageHeader } from '~/components/ui/page-header';
import { parseAct } from '~/console/act-form.server';
import { alertSettingsForm } from '~/console/alert-form.server';
import {
  readAlertChannel,
  readAlertRules,
  setAlertChannel,
  type SetAlertChannelOutcome,
  setAlertRule,
  type SetAlertRuleOutcome,
} from '~/modules/alerts/index.server';
import { actOnce } from '~/modules/audit/index.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { outboxRules } from '~/modules/outbox/index.server';
import { assertNever } from '~/platform/assert-never';
import { db } from '~/platform/db.server';

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireStaff(request, 'viewer');
  const [rules, channel] = await Promise.all([readAlertRules(db()), readAlertChannel(db())]);
  return { rules, channel, mayAct: hasRole(user.role, 'admin') };
}

export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'admin');
  if (acting.outcome !== 'acting') return acting;
  const parsed = parseAct(await request.formData(), alertSettingsForm);
  if (!parsed.ok) return parsed.reply;
  const { key, reason, comment, ...asked } = parsed.value;
  const actor = acting.user.id;
  const by = { actor, reason, comment };
  if (asked.intent === 'channel') {
    const channel = { mailTo: asked.mailTo, webhookUrl: asked.webhookUrl ?? null };
    return saidOf(
      await actOnce(db(), 'set alert channel', { key, actor, done: ['set'] }, (tx) =>
        setAlertChannel(tx, channel, outboxRules(), by),
      ),
    );
  }
  const { kind, isOn, threshold, holdMinutes, remindHours } = asked;
  const rule = { isOn: isOn === 'on', threshold, holdMinutes, remindHours };
  return saidOf(
    await actOnce(db(), 'set alert rule', { key, actor, done: ['set'] }, (tx) =>
      setAlertRule(tx, kind, rule, by),
    ),
  );
}

const WHY_NOT = {
  not_a_url: 'Enter an address such as https://hooks.example.com/alerts.',
  not_https: 'Use https.',
  has_credentials: 'Leave user and password out of the address.',
  address_not_allowed: 'Requests do not go to the inner network, unless its host is in OUTBOX_ALLOW.',
} as const;

function saidOf(did: SetAlertChannelOutcome | SetAlertRuleOutcome | { outcome: 'repeated' }): ActReply {
  switch (did.outcome) {
    case 'set':
      return {
        ...{ outcome: 'done', message: 'It holds from the next look on, within a minute.' },
        ...('secret' in did && did.secret !== undefined
          ? { secret: { label: 'Signing secret', value: did.secret } }
          : {}),
      };
    case 'repeated':
      return { outcome: 'done', message: 'This was done already. A secret that it made was shown then.' };
    case 'unchanged':
      return { outcome: 'done', message: 'It stands so already. Nothing was changed.' };
    case 'refused':
      return {
        ...{ outcome: 'refused', message: 'Nothing was changed.' },
        fields: { webhookUrl: [WHY_NOT[did.fault]] },
      };
    default:
      return assertNever(did);
  }
}

export default function AlertSettings() {
  const { rules, channel, mayAct } = useHeldData(useLoaderData<typeof loader>());
  return (
    <>
      <PageHeader title="Settings" description="What staff are told of, from when on, and by which way." />
      <SettingsTabs />
      <AdminsOnly mayAct={mayAct} what="change alerts" />
      <div className="grid gap-4">
        <AlertChannelCard channel={channel} mayAct={mayAct} />
        <AlertRuleTable rules={rules} mayAct={mayAct} />
      </div>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Alerts · Credence console' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary home={{ to: '/admin', label: 'Go to the overview' }} />;
}
