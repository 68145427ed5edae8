import { expect, test } from 'vitest';

import { sqlMessage } from '~/platform/db-errors.server';
import { days } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { contextOf, newSession, newUser, NOW, PASSWORD, stranger, tokenInMail } from './accounts-for-tests';
import { changeRole } from './change-role.server';
import { endStaffSessions, resetTotp } from './end-staff-access.server';
import { inviteStaff, withdrawInvite } from './invite-staff.server';
import { joinStaff, readInvite } from './join-staff.server';
import { listTeam } from './list-team.server';
import { logIn } from './log-in.server';
import { readSession } from './sessions.server';
import { type StaffRole, type StaffUser } from './shared';

const database = useTestDatabase();
const at = (ms = 0) => contextOf(database.db, new Date(NOW.getTime() + ms));
const WHY = { reason: 'new_duties', comment: 'Agreed with Kim' } as const;

async function staff(role: StaffRole): Promise<{ user: StaffUser; token: string }> {
  const token = await newSession(database.db, await newUser(database.db, { role }));
  const visitor = await readSession(database.db, token, NOW);
  if (visitor?.kind !== 'user') throw new Error('no session');
  return { user: { ...visitor.user, role }, token };
}

const auditOf = (subject: string) =>
  database.db.audit.findMany({ where: { subject }, orderBy: { seq: 'asc' }, take: 20 });
const told = async (kind: string, recipient: string) =>
  (await database.db.mail.findMany({ where: { kind, recipient }, select: { text: true }, take: 50 })).map(
    ({ text }) => text,
  );

test('a role changes at once, with its audit row, and every admin is told', async () => {
  const [{ user: actor }, { user: other }, { user }] = [
    await staff('admin'),
    await staff('admin'),
    await staff('viewer'),
  ];
  const asked = { ...WHY, actor, userId: user.id, from: 'viewer', to: 'finance' } as const;
  expect(await changeRole(at(), asked)).toEqual({ outcome: 'changed', email: user.email });
  expect(await changeRole(at(), asked)).toEqual({ outcome: 'unchanged', email: user.email });
  expect(await auditOf(user.id)).toMatchObject([
    {
      ...{ actor: actor.id, act: 'user.role_changed', reason: 'new_duties' },
      body: { comment: 'Agreed with Kim', before: { role: 'viewer' }, after: { role: 'finance' } },
    },
  ]);
  for (const admin of [actor, other]) {
    const mails = await told('auth.role_changed', admin.email);
    expect(mails.filter((text) => text.includes(user.email))).toHaveLength(1);
  }
  expect(await changeRole(at(), { ...asked, to: 'support' })).toEqual({
    outcome: 'moved',
    email: user.email,
  });
});

test('nobody changes their own role, a customer is none of the team, and who is no admin any more changes nothing', async () => {
  const { user: actor } = await staff('admin');
  const { user } = await staff('support');
  const asked = { ...WHY, actor, from: 'support', to: 'admin' } as const;
  expect(await changeRole(at(), { ...asked, userId: actor.id })).toEqual({ outcome: 'own_account' });
  const customer = await newUser(database.db);
  expect(await changeRole(at(), { ...asked, userId: customer.userId })).toEqual({ outcome: 'not_staff' });
  expect(await changeRole(at(), { ...asked, userId: 'usr_none' })).toEqual({ outcome: 'not_staff' });
  expect(await changeRole(at(), { ...asked, actor: { ...user, role: 'admin' }, userId: actor.id })).toEqual({
    outcome: 'not_admin',
  });
});

test('the database keeps customers out of the staff', async () => {
  const customer = await newUser(database.db);
  const promoted = database.db.user.update({ where: { id: customer.userId }, data: { role: 'admin' } });
  expect(await promoted.catch(sqlMessage)).toContain('staff hold no credits');
});

test('who is removed is out at once, and their password opens no console', async () => {
  const { user: actor } = await staff('admin');
  const { user, token } = await staff('finance');
  const removed = { ...WHY, reason: 'leaves', actor, userId: user.id, from: 'finance', to: 'none' } as const;
  expect(await changeRole(at(), removed)).toEqual({ outcome: 'changed', email: user.email });
  expect(await readSession(database.db, token, NOW)).toBeUndefined();
  expect(await auditOf(user.id)).toMatchObject([
    { act: 'user.removed_from_staff', body: { after: { role: 'none', sessionsEnded: 1 } } },
  ]);
  const back = await logIn(at(), {
    email: user.email,
    password: PASSWORD,
    client: stranger().client,
    former: undefined,
  });
  expect(back).toMatchObject({ outcome: 'logged_in', role: 'customer' });
  const { members } = await listTeam(at());
  expect(members.map(({ id }) => id)).not.toContain(user.id);
});

test('of two admins who demote each other at once one stays, and the last one cannot go', async () => {
  const [a, b] = [(await staff('admin')).user, (await staff('admin')).user];
  await database.db.user.updateMany({
    where: { role: 'admin', id: { notIn: [a.id, b.id] } },
    data: { role: 'viewer' },
  });
  const demote = (actor: StaffUser, userId: string) =>
    changeRole(at(), { ...WHY, actor, userId, from: 'admin', to: 'viewer' });
  const both = await Promise.all([demote(a, b.id), demote(b, a.id)]);
  expect(both.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'not_admin']);
  expect(await database.db.user.count({ where: { role: 'admin' } })).toBe(1);
  const all = database.db.user.updateMany({ where: { role: 'admin' }, data: { role: 'viewer' } });
  expect(await all.catch(sqlMessage)).toContain('the last admin stays');
  const gone = database.db.user.deleteMany({ where: { role: 'admin' } });
  expect(await gone.catch(sqlMessage)).toContain('the last admin stays');
});

test('whoever is invited chooses a password under the link once, and is in with that role', async () => {
  const { user: actor } = await staff('admin');
  const { email, client } = stranger();
  const key = crypto.randomUUID();
  const asked = { ...WHY, reason: 'joins', actor, key, email, name: 'Kim', role: 'support' } as const;
  const twice = await Promise.all([inviteStaff(at(), asked), inviteStaff(at(), asked)]);
  expect(twice).toEqual([{ outcome: 'invited' }, { outcome: 'invited' }]);
  expect(await told('auth.invite', email)).toHaveLength(1);
  const again = { ...asked, key: crypto.randomUUID() };
  expect(await inviteStaff(at(), again)).toEqual({ outcome: 'invited_already' });
  const token = await tokenInMail(database.db, email, 'auth.invite');
  expect(await readInvite(at(), token)).toEqual({ email, name: 'Kim', role: 'support' });
  expect(await database.db.user.count({ where: { email } })).toBe(0);
  const join = { token, password: PASSWORD, client, former: undefined };
  expect(await joinStaff(at(), { ...join, password: email })).toEqual({ outcome: 'password_is_email' });
  expect(await joinStaff(at(), join)).toMatchObject({ outcome: 'joined' });
  expect(await joinStaff(at(), join)).toEqual({ outcome: 'link_over' });
  const { members } = await listTeam(at());
  expect(members.find((one) => one.email === email)).toMatchObject({
    role: 'support',
    hasTotp: false,
    sessions: 1,
  });
  expect(await inviteStaff(at(), again)).toEqual({ outcome: 'is_staff' });
});

test('two who come with one link at once make one account', async () => {
  const { user: actor } = await staff('admin');
  const { email, client } = stranger();
  await inviteStaff(at(), { ...WHY, actor, key: crypto.randomUUID(), email, name: 'Kim', role: 'viewer' });
  const token = await tokenInMail(database.db, email, 'auth.invite');
  const join = { token, password: PASSWORD, client, former: undefined };
  const both = await Promise.all([joinStaff(at(), join), joinStaff(at(), join)]);
  expect(both.filter(({ outcome }) => outcome === 'joined')).toHaveLength(1);
  expect(await database.db.user.count({ where: { email } })).toBe(1);
  const [row] = await database.db.user.findMany({ where: { email }, select: { id: true }, take: 1 });
  expect(await auditOf(row?.id ?? '')).toMatchObject([
    { act: 'staff.joined', body: { after: { role: 'viewer' } } },
  ]);
});

test('a customer’s address is not invited, and one that became a customer meanwhile joins nothing', async () => {
  const { user: actor } = await staff('admin');
  const customer = await newUser(database.db);
  const asked = { ...WHY, actor, key: crypto.randomUUID(), name: 'Kim', role: 'viewer' } as const;
  expect(await inviteStaff(at(), { ...asked, email: customer.email })).toEqual({ outcome: 'is_customer' });
  const invited = await newUser(database.db);
  await database.db.customer.deleteMany({ where: { userId: invited.userId } });
  await database.db.user.deleteMany({ where: { id: invited.userId } });
  expect(await inviteStaff(at(), { ...asked, email: invited.email })).toEqual({ outcome: 'invited' });
  const token = await tokenInMail(database.db, invited.email, 'auth.invite');
  await database.db.user.create({
    data: {
      id: 'usr_late',
      email: invited.email,
      name: 'x',
      passwordHash: 'x',
      customer: { create: { id: 'cst_late' } },
    },
  });
  const join = { token, password: PASSWORD, client: invited.client, former: undefined };
  expect(await joinStaff(at(), join)).toEqual({ outcome: 'is_customer' });
});

test('an invitation is withdrawn, once used it is not, and after a week it is over', async () => {
  const { user: actor } = await staff('admin');
  const invite = async () => {
    const { email, client } = stranger();
    await inviteStaff(at(), { ...WHY, actor, key: crypto.randomUUID(), email, name: 'Kim', role: 'viewer' });
    const { id } = await database.db.staffInvite.findFirstOrThrow({ where: { email }, select: { id: true } });
    return {
      id,
      email,
      join: {
        token: await tokenInMail(database.db, email, 'auth.invite'),
        password: PASSWORD,
        client,
        former: undefined,
      },
    };
  };
  const first = await invite();
  const withdrawn = { outcome: 'withdrawn', email: first.email };
  expect(await withdrawInvite(at(), { ...WHY, actor, inviteId: first.id })).toEqual(withdrawn);
  expect(await withdrawInvite(at(), { ...WHY, actor, inviteId: first.id })).toEqual(withdrawn);
  expect((await auditOf(first.id)).map(({ act }) => act)).toEqual([
    'staff.invited',
    'staff.invite_withdrawn',
  ]);
  expect(await joinStaff(at(), first.join)).toEqual({ outcome: 'link_over' });
  const second = await invite();
  expect(await joinStaff(at(days(7)), second.join)).toEqual({ outcome: 'link_over' });
  expect(await joinStaff(at(), second.join)).toMatchObject({ outcome: 'joined' });
  expect(await withdrawInvite(at(), { ...WHY, actor, inviteId: second.id })).toEqual({ outcome: 'used' });
});

test('whoever left is invited back into the same account', async () => {
  const { user: actor } = await staff('admin');
  const { user } = await staff('support');
  await changeRole(at(), { ...WHY, actor, userId: user.id, from: 'support', to: 'none' });
  const asked = {
    ...WHY,
    actor,
    key: crypto.randomUUID(),
    email: user.email,
    name: 'Robin',
    role: 'viewer',
  } as const;
  expect(await inviteStaff(at(), asked)).toEqual({ outcome: 'invited' });
  const token = await tokenInMail(database.db, user.email, 'auth.invite');
  const join = {
    token,
    password: 'five other random old words',
    client: stranger().client,
    former: undefined,
  };
  const joined = await joinStaff(at(), join);
  if (joined.outcome !== 'joined') throw new Error(joined.outcome);
  expect(await readSession(database.db, joined.token, NOW)).toMatchObject({
    user: { id: user.id, role: 'viewer' },
  });
});

test('an admin ends log-ins and resets a two-step log-in; the person and every admin are told', async () => {
  const { user: actor } = await staff('admin');
  const { user, token } = await staff('finance');
  await database.db.totp.create({ data: { userId: user.id, secret: 'x', createdAt: NOW, confirmedAt: NOW } });
  const asked = { ...WHY, reason: 'lost_device', actor, userId: user.id } as const;
  expect(await resetTotp(at(), { ...asked, userId: actor.id })).toEqual({ outcome: 'own_account' });
  expect(await resetTotp(at(), asked)).toEqual({ outcome: 'reset', email: user.email });
  expect(await resetTotp(at(), asked)).toEqual({ outcome: 'has_none', email: user.email });
  expect(await readSession(database.db, token, NOW)).toBeUndefined();
  expect(await told('auth.two_step_reset', user.email)).toHaveLength(1);
  expect(
    (await told('auth.two_step_reset_told', actor.email)).filter((text) => text.includes(user.email)),
  ).toHaveLength(1);
  await logIn(at(), { email: user.email, password: PASSWORD, client: stranger().client, former: undefined });
  expect(await endStaffSessions(at(), asked)).toEqual({ outcome: 'ended', email: user.email, sessions: 1 });
  expect(await endStaffSessions(at(), asked)).toEqual({ outcome: 'ended', email: user.email, sessions: 0 });
  expect((await auditOf(user.id)).map(({ act }) => act)).toEqual([
    'user.two_step_reset',
    'user.sessions_ended',
  ]);
});
