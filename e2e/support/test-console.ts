import { type ActionFunctionArgs } from '@remix-run/node';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import * as z from 'zod';

import { stranger } from '../../app/modules/auth/accounts-for-tests';
import { type Client } from '../../app/modules/auth/client.server';
import { insertUser } from '../../app/modules/auth/create-user.server';
import { writeSessionToken } from '../../app/modules/auth/index.server';
import { startSession } from '../../app/modules/auth/sessions.server';
import { type StaffRole } from '../../app/modules/auth/shared';
import { fingerprintOf, type StripeSettings } from '../../app/modules/stripe/index.server';
import { type RealmView } from '../../app/modules/stripe/shared';
import { closeDb, db, type Db, inTransaction } from '../../app/platform/db.server';
import { minutes } from '../../app/platform/time';
import { everyRow } from './every-row';

const APP = 'https://credits.example.com';
const APP_FOLDER = path.resolve(import.meta.dirname, '../../app');

/** Somebody of the staff, by a log-in of their own. */
export interface Member {
  userId: string;
  email: string;
  cookie: string;
}

export interface Sent {
  as: Member;
  /** Key, reason and comment are there unless they are given. */
  fields?: Record<string, string>;
  params?: Record<string, string>;
  origin?: string;
}

/** What an action answers: an ActReply, or the status by which it refuses. */
const reply = z.union([
  z.number(),
  z.looseObject({
    outcome: z.string(),
    message: z.string().optional(),
    fields: z.record(z.string(), z.array(z.string())).optional(),
  }),
]);
export type Answer = z.infer<typeof reply>;

const module = z.looseObject({
  action: z.custom<(args: ActionFunctionArgs) => Promise<unknown>>((value) => typeof value === 'function'),
});

interface At {
  realm: RealmView;
  settings: StripeSettings;
}

/** Nobody answers there, at once. */
const NOWHERE = 'http://127.0.0.1:1';

/**
 * The console of one database for the suite of one file: staff of every role who send the forms of its dialogs to the
 * routes themselves. Without a shop its Stripe never answers.
 */
export function useTestConsole(database: { readonly db: Db; readonly url: string }, shopAt?: () => At) {
  /** Its own: a process keeps which realm a key belongs to. */
  const secretKey = `sk_test_desk${randomUUID().replaceAll('-', '')}`;
  let realm: RealmView | undefined;
  beforeAll(async () => {
    const at = shopAt?.();
    realm = at?.realm ?? { id: 'rlm_desk', account: 'acct_desk', mode: 'test', name: 'Desk' };
    vi.stubEnv('DATABASE_URL', database.url);
    vi.stubEnv('CREDENCE_MODE', 'test');
    vi.stubEnv('APP_URL', APP);
    vi.stubEnv('SESSION_SECRET', 'f3a1'.repeat(16));
    vi.stubEnv('ENCRYPTION_KEYS', '0f3a'.repeat(12));
    vi.stubEnv('STRIPE_SECRET_KEY', secretKey);
    vi.stubEnv('STRIPE_WEBHOOK_SECRETS', 'whsec_desk000000000');
    vi.stubEnv('STRIPE_API_BASE', at?.settings.apiBase ?? NOWHERE);
    vi.stubEnv('MAIL_SANDBOX_URL', `${NOWHERE}/mail`);
    if (at === undefined) await database.db.realm.create({ data: { ...realm, sells: true } });
    await database.db.realmKey.create({
      data: { fingerprint: fingerprintOf(secretKey), realmId: realm.id },
    });
  });
  afterAll(async () => {
    await closeDb(db());
    vi.unstubAllEnvs();
  });

  /** A new member of the staff, who has just proven that it is them, or did so that long ago. */
  const staff = async (role: StaffRole, { provenAgo = 0 } = {}): Promise<Member> => {
    const { email, client } = stranger();
    const name = `Robin of ${role}`;
    // No password opens it: a session is begun for them.
    const row = { email, name, role, passwordHash: 'none', emailVerifiedAt: new Date() };
    const made = await inTransaction(database.db, 'staff', (tx) => insertUser(tx, row));
    if (made === undefined) throw new Error(`${email} is taken.`);
    const { userId } = made;
    return { userId, email, cookie: await cookieOf(userId, client, provenAgo) };
  };

  const members = new Map<string, Member>();
  /** One for all tests that only look whether they are let in. */
  const known = async (role: StaffRole, provenAgo = 0): Promise<Member> => {
    const name = `${role} ${String(provenAgo)}`;
    const member = members.get(name) ?? (await staff(role, { provenAgo }));
    members.set(name, member);
    return member;
  };

  const cookieOf = async (userId: string, client: Client, provenAgo = 0) => {
    const token = await startSession(database.db, { userId, client, now: new Date(), former: undefined });
    if (provenAgo > 0) {
      const provenAt = new Date(Date.now() - provenAgo);
      await database.db.session.updateMany({ where: { userId }, data: { provenAt } });
    }
    return (await writeSessionToken(token)).split(';')[0] ?? '';
  };

  /** `route` is a file of app/routes without its ending. It is imported once the environment is there, as a process does. */
  const send = async (
    route: string,
    { as, fields = {}, params = {}, origin = APP }: Sent,
  ): Promise<Answer> => {
    const { action } = module.parse(await import(path.join(APP_FOLDER, 'routes', route)));
    const form = { key: randomUUID(), reason: 'other', comment: 'tested', ...fields };
    const headers = { origin, cookie: as.cookie, 'x-client-address': '198.51.100.1' };
    const body = new URLSearchParams(form);
    const request = new Request(`${APP}/admin`, { method: 'POST', body, headers });
    try {
      return reply.parse(await action({ request, params, context: {} }));
    } catch (refusal) {
      if (refusal instanceof Response) return refusal.status;
      throw refusal;
    }
  };

  /** Does something that must not leave anything anywhere in the database. */
  const writingNothing = async (act: () => Promise<void>): Promise<void> => {
    const before = await everyRow(database.db);
    await act();
    expect(await everyRow(database.db)).toBe(before);
  };

  /** That a form which would be carried out is not: of another site, by a lower role, and without a fresh proof. */
  const expectGuarded = async (
    route: string,
    sent: Omit<Sent, 'as' | 'origin'>,
    { least, lower }: { least: StaffRole; lower: StaffRole },
  ): Promise<void> => {
    const low = await known(lower);
    const late = await known(least, minutes(16));
    const able = await known(least);
    await writingNothing(async () => {
      expect(await send(route, { ...sent, as: low })).toBe(403);
      expect(await send(route, { ...sent, as: late })).toEqual({ outcome: 'prove_first' });
      expect(await send(route, { ...sent, as: able, origin: 'https://evil.example' })).toBe(403);
    });
  };

  /** That each of these changes of a good form is refused with just this field named, and nothing is written. */
  const expectFieldsRefused = async (
    route: string,
    { fields, ...sent }: Sent,
    wrong: readonly (readonly [field: string, value: string])[],
  ): Promise<void> => {
    await writingNothing(async () => {
      for (const [field, value] of wrong) {
        const answer = await send(route, { ...sent, fields: { ...fields, [field]: value } });
        expect(answer, `${field}: ${value}`).toMatchObject({ outcome: 'refused' });
        if (typeof answer !== 'number')
          expect(Object.keys(answer.fields ?? {}), `${field}: ${value}`).toEqual([field]);
      }
    });
  };

  /** What was audited of a subject, oldest first: who, what and why. */
  const auditsOf = async (subject: string) => {
    const rows = await database.db.audit.findMany({ where: { subject }, orderBy: { seq: 'asc' }, take: 20 });
    return rows.map(({ actor, act, reason }) => `${actor} ${act} ${reason ?? ''}`.trim());
  };

  /** All that somebody's acts left in the audit, oldest first: what and why. */
  const auditsBy = async ({ userId }: Member) => {
    const rows = await database.db.audit.findMany({
      where: { actor: userId },
      orderBy: { seq: 'asc' },
      take: 20,
    });
    return rows.map(({ act, reason }) => `${act} ${reason ?? ''}`.trim());
  };

  return {
    get realm(): RealmView {
      if (realm === undefined) throw new Error('The console is there only while tests run.');
      return realm;
    },
    ...{ staff, send, writingNothing, expectGuarded, expectFieldsRefused, auditsOf, auditsBy },
  };
}
