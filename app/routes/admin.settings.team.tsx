import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';

import { type ActReply } from '~/components/console/act-reply';
import { SettingsTabs } from '~/components/console/settings-tabs';
import { InviteDialog } from '~/components/console/team-dialogs';
import { InviteList, MemberList } from '~/components/console/team-lists';
import { useHeldData } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { PageHeader } from '~/components/ui/page-header';
import { parseAct } from '~/console/act-form.server';
import { inviteForm, personForm, removeForm, roleForm, withdrawForm } from '~/console/team-form.server';
import {
  actingStaff,
  assertSameOrigin,
  authContext,
  changeRole,
  endStaffSessions,
  inviteStaff,
  listTeam,
  requireStaff,
  resetTotp,
  withdrawInvite,
} from '~/modules/auth/index.server';
import { ROLE_LABELS, type StaffUser, TEAM_INTENTS } from '~/modules/auth/shared';
import { assertNever } from '~/platform/assert-never';

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireStaff(request, 'support');
  return { team: await listTeam(authContext()), self: user.id, mayAct: user.role === 'admin' };
}

const done = (message: string): ActReply => ({ outcome: 'done', message });
const refused = (message: string, fields?: Record<string, string[]>): ActReply => ({
  outcome: 'refused',
  message,
  ...(fields === undefined ? {} : { fields }),
});

export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'admin');
  if (acting.outcome !== 'acting') return acting;
  const form = await request.formData();
  switch (form.get('intent')) {
    case TEAM_INTENTS.invite:
      return invite(acting.user, form);
    case TEAM_INTENTS.withdraw:
      return withdraw(acting.user, form);
    case TEAM_INTENTS.changeRole:
      return setRole(acting.user, form);
    case TEAM_INTENTS.remove:
      return remove(acting.user, form);
    case TEAM_INTENTS.endSessions:
      return endSessionsOf(acting.user, form);
    case TEAM_INTENTS.resetTwoStep:
      return resetTwoStepOf(acting.user, form);
    case null:
    default:
      throw new Response('Unknown act.', { status: 400 });
  }
}

async function invite(actor: StaffUser, form: FormData): Promise<ActReply> {
  const parsed = parseAct(form, inviteForm);
  if (!parsed.ok) return parsed.reply;
  const { email } = parsed.value;
  const result = await inviteStaff(authContext(), { ...parsed.value, actor });
  switch (result.outcome) {
    case 'invited':
      return done(`A mail with a link is on its way to ${email}. It works once, within 7 days.`);
    case 'is_staff':
      return refused('Nothing was done.', { email: ['They are on the team already.'] });
    case 'is_customer':
      return refused('Nothing was done.', {
        email: ['This address has an account of the store. Staff hold no credits: use another address.'],
      });
    case 'invited_already':
      return refused('Nothing was done.', {
        email: ['A link to this address is still good. Withdraw it first to send another one.'],
      });
    default:
      return assertNever(result);
  }
}

async function withdraw(actor: StaffUser, form: FormData): Promise<ActReply> {
  const parsed = parseAct(form, withdrawForm);
  if (!parsed.ok) return parsed.reply;
  const { invite: inviteId, ...rest } = parsed.value;
  const result = await withdrawInvite(authContext(), { ...rest, inviteId, actor });
  switch (result.outcome) {
    case 'withdrawn':
      return done(`The link to ${result.email} opens nothing any more.`);
    case 'used':
      return refused('Too late: somebody joined by this link. Remove them instead.');
    case 'not_found':
      return refused('There is no such invitation.');
    default:
      return assertNever(result);
  }
}

async function setRole(actor: StaffUser, form: FormData): Promise<ActReply> {
  const parsed = parseAct(form, roleForm);
  if (!parsed.ok) return parsed.reply;
  const { user: userId, ...rest } = parsed.value;
  return sayRole(await changeRole(authContext(), { ...rest, userId, actor }), ROLE_LABELS[rest.to]);
}

async function remove(actor: StaffUser, form: FormData): Promise<ActReply> {
  const parsed = parseAct(form, removeForm);
  if (!parsed.ok) return parsed.reply;
  const { user: userId, ...rest } = parsed.value;
  return sayRole(await changeRole(authContext(), { ...rest, userId, to: 'none', actor }), undefined);
}

function sayRole(result: Awaited<ReturnType<typeof changeRole>>, now: string | undefined): ActReply {
  switch (result.outcome) {
    case 'changed':
    case 'unchanged':
      return done(
        now === undefined
          ? `The console is closed to ${result.email}, and their log-ins have ended.`
          : `${result.email} is ${now} from now on. Every admin is told by mail.`,
      );
    case 'moved':
      return refused('Somebody changed their role meanwhile. Close this and look again.');
    case 'last_admin':
      return refused('This is the last admin: without one nobody could make another.');
    case 'own_account':
    case 'not_staff':
    case 'not_admin':
      return sayRefusal(result);
    default:
      return assertNever(result);
  }
}

async function endSessionsOf(actor: StaffUser, form: FormData): Promise<ActReply> {
  const parsed = parseAct(form, personForm);
  if (!parsed.ok) return parsed.reply;
  const { user: userId, ...rest } = parsed.value;
  const result = await endStaffSessions(authContext(), { ...rest, userId, actor });
  if (result.outcome === 'ended') return done(`${result.email} is logged out everywhere.`);
  return sayRefusal(result);
}

async function resetTwoStepOf(actor: StaffUser, form: FormData): Promise<ActReply> {
  const parsed = parseAct(form, personForm);
  if (!parsed.ok) return parsed.reply;
  const { user: userId, ...rest } = parsed.value;
  const result = await resetTotp(authContext(), { ...rest, userId, actor });
  if (result.outcome === 'reset' || result.outcome === 'has_none')
    return done(`${result.email} has no two-step log-in now and is logged out. Ask them to set it up anew.`);
  return sayRefusal(result);
}

function sayRefusal(result: { outcome: 'own_account' | 'not_staff' | 'not_admin' }): ActReply {
  switch (result.outcome) {
    case 'own_account':
      return refused('Nobody does this to their own account: ask another admin.');
    case 'not_staff':
      return refused('They are not on the team.');
    case 'not_admin':
      return refused('You are no admin any more.');
    default:
      return assertNever(result.outcome);
  }
}

export default function Team() {
  const { team, self, mayAct } = useHeldData(useLoaderData<typeof loader>());
  return (
    <>
      <PageHeader
        title="Team"
        description={mayAct ? undefined : 'Only an admin changes who may do what.'}
        actions={mayAct ? <InviteDialog /> : undefined}
      />
      <SettingsTabs />
      <div className="space-y-4">
        <MemberList members={team.members} self={self} mayAct={mayAct} />
        <InviteList invites={team.invites} mayAct={mayAct} />
      </div>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Team · Credence console' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary home={{ to: '/admin', label: 'Back to the console' }} />;
}
