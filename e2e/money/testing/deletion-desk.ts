import { createHash } from 'node:crypto';

import * as z from 'zod';

import { askDeletion, runDeletion } from '../../../app/modules/customers/index.server';
import { appendAudit } from '../../../app/modules/audit/index.server';
import { createUser } from '../../../app/modules/auth/index.server';
import { writeNote } from '../../../app/modules/notes/index.server';
import { queueMail } from '../../../app/modules/mail/index.server';
import { drivenInbox } from '../../../app/modules/payments/testing/driven-inbox';
import { eraseEvents } from '../../../app/modules/webhooks/index.server';
import { type Db, inTransaction } from '../../../app/platform/db.server';
import { newId } from '../../../app/platform/ids.server';
import { hours, minutes } from '../../../app/platform/time';
import { ERASERS } from '../../../app/worker/erasers.server';
import { PINNED_VERSION } from '../../stripe-sandbox/versions/versions';
import { bodyIn, CARD, type Shop } from './sandbox-shop';

/** Somebody with a log-in, an address, a name and the product's id, none of which anybody else has. */
export interface Known {
  id: string;
  userId: string;
  email: string;
  name: string;
  externalId: string;
  words: string[];
}

let count = 0;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** People to delete around one shop, and a search for what is left of them. */
export function openDeletionDesk(db: Db, shop: Shop) {
  const { realm, settings, sandbox } = shop;
  const inbox = drivenInbox(db, realm, shop.reader);

  const newPerson = async (): Promise<Known> => {
    count += 1;
    const unique = `${newId('req').slice(-10)}${count}`;
    const [email, name, externalId] = [
      `quorble.${unique}@example.test`,
      `Zyxwina ${unique}`,
      `ext-${unique}`,
    ];
    const made = await createUser(db, {
      ...{ email, name, role: 'customer', password: 'correct horse battery', verified: true },
    });
    if (made.outcome !== 'created' || made.customerId === undefined) throw new Error(made.outcome);
    const { userId, customerId: id } = made;
    await db.customer.update({ where: { id }, data: { externalId } });
    return { id, userId, email, name, externalId, words: [email, name, externalId] };
  };

  /** Everything that Stripe has said, to everybody. */
  const hear = async (): Promise<void> => {
    const { rows } = sandbox.sandbox.events.list({ limit: 10_000 });
    const events = rows.reverse().map(({ id, type }) => ({
      ...{ id, type },
      body: bodyIn(JSON.parse(sandbox.sandbox.events.find(id)?.body ?? ''), PINNED_VERSION),
    }));
    await inbox.list(events);
    await inbox.drain();
    await inbox.passTime();
    await inbox.drain();
  };

  /** A page of Stripe's for 2,500 credits that nobody has paid. */
  const openPage = async (person: Known, currency = 'usd') => {
    const { paymentId } = await shop.checkout(person, { currency });
    return { paymentId, session: await shop.sessionOf(paymentId) };
  };
  const buy = async (person: Known, change: Partial<typeof CARD> = {}, currency = 'usd') => {
    const { paymentId, session } = await openPage(person, currency);
    const { email, name } = person;
    const paid = await sandbox.sandbox.checkout.pay(session, { ...CARD, email, name, ...change });
    if (paid.outcome !== 'paid') throw new Error(`The sandbox says ${paid.outcome}.`);
    await hear();
    return { paymentId, intent: await shop.intentOf(paymentId) };
  };

  /** What names a person in rooms that no purchase comes to. */
  const mention = async ({ id, userId, email, name, externalId }: Known): Promise<void> => {
    const at = new Date();
    const later = new Date(at.getTime() + hours(1));
    await db.session.createMany({
      data: [
        { id: newId('req'), userId, expiresAt: later, ip: '203.0.113.9', userAgent: 'Browser' },
        {
          id: newId('req'),
          customerId: id,
          book: 'test',
          expiresAt: later,
          returnUrl: `https://shop.example/${externalId}`,
        },
      ],
    });
    await db.emailToken.create({ data: { id: newId('req'), userId, purpose: 'reset', expiresAt: later } });
    await db.storeLink.create({
      data: {
        ...{ id: newId('lnk'), client: 'apc_1', customerId: id, book: 'test', key: `link ${externalId}` },
        ...{
          bodyHash: sha256(id),
          tokenHash: sha256(newId('req')),
          returnUrl: `https://shop.example/${externalId}`,
          path: '/',
        },
        ...{ createdAt: at, expiresAt: new Date(at.getTime() + minutes(2)) },
      },
    });
    await writeNote(db, { noteId: newId('not'), customerId: id, author: 'usr_1', text: `${name} was kind` });
    await inTransaction(db, 'mention', async (tx) => {
      const words = { text: `Hello ${name}`, html: `<p>Hello ${name}</p>` };
      await queueMail(tx, {
        cause: `t:${id}`,
        kind: 'auth.verify',
        recipient: email,
        subject: `For ${name}`,
        ...words,
      });
      await queueMail(tx, {
        ...{ cause: `s:${id}`, kind: 'staff.told', recipient: 'staff@example.test' },
        ...{ subject: 'Somebody wrote', text: `It was ${email.toUpperCase()}`, html: '' },
      });
      await appendAudit(tx, {
        actor: 'usr_1',
        act: 'test',
        subject: id,
        comment: `${name} called`,
        after: { externalId },
      });
      await appendAudit(tx, { actor: 'usr_1', act: 'test', subject: 'evt_1', before: { address: email } });
      await appendAudit(tx, { actor: 'usr_1', act: 'test', subject: 'evt_2', comment: 'About nobody' });
    });
  };

  const ask = (person: Known, change: { key?: string; at?: Db } = {}) =>
    askDeletion(change.at ?? db, {
      ...{
        customerId: person.id,
        key: change.key ?? newId('req'),
        actor: 'usr_admin',
        reason: 'customer_asked',
      },
      ...{ comment: `${person.name} wrote to us`, confirmation: person.email, now: new Date() },
    });
  const run = (
    deletionId: string,
    {
      at = db,
      now = new Date(Date.now() + hours(2)),
      erasers = ERASERS,
      realms = [{ realm, settings }],
    }: {
      at?: Db;
      realms?: Parameters<typeof runDeletion>[0]['realms'];
      now?: Date;
      erasers?: Parameters<typeof runDeletion>[0]['erasers'];
    } = {},
  ) => runDeletion({ db: at, realms, erasers, eraseEvents, now }, deletionId);
  const askAndRun = async (person: Known) => {
    const asked = await ask(person);
    if (asked.outcome !== 'asked') throw new Error(asked.outcome);
    return { deletionId: asked.deletionId, ran: await run(asked.deletionId) };
  };

  return { inbox, newPerson, hear, openPage, buy, mention, ask, run, askAndRun };
}
export type DeletionDesk = ReturnType<typeof openDeletionDesk>;

const columns = z.array(z.object({ schema: z.string(), table: z.string(), column: z.string() }));
const hits = z.tuple([z.object({ rows: z.int() })]);

/** Every column that can hold text, of every table: where any of these words stands. */
export async function placesOf(db: Db, words: readonly string[]): Promise<string[]> {
  const rows = await db.$queryRaw`
    SELECT c.table_schema AS schema, c.table_name AS table, c.column_name AS column
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE t.table_type = 'BASE TABLE' AND c.table_schema NOT IN ('pg_catalog', 'information_schema')
      AND c.data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'xml', 'ARRAY', 'USER-DEFINED', 'bytea')
    ORDER BY 1, 2, 3`;
  const patterns = words.map((word) => `%${word}%`);
  const found: string[] = [];
  for (const { schema, table, column } of columns.parse(rows)) {
    const text = `coalesce(to_jsonb("${column}")::text, '')`;
    const counted = await db.$queryRawUnsafe(
      `SELECT count(*)::int AS rows FROM "${schema}"."${table}" WHERE ${text} ILIKE ANY ($1::text[])`,
      patterns,
    );
    if (hits.parse(counted)[0].rows > 0) found.push(`${table}.${column}`);
  }
  return found;
}
