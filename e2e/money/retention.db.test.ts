import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';

import { verifyAudit } from '../../app/modules/audit/index.server';
import { readRetention, runRetention, setRetention } from '../../app/modules/customers/index.server';
import { RETENTION_DAYS } from '../../app/modules/customers/shared';
import { eraseLateEvents, redactEvent } from '../../app/modules/webhooks/index.server';
import { inTransaction } from '../../app/platform/db.server';
import { days } from '../../app/platform/time';
import { RETIRERS } from '../../app/worker/erasers.server';
import { type DeletionDesk, openDeletionDesk } from './testing/deletion-desk';
import { useTestStore } from './testing/store';

const store = useTestStore();
let desk: DeletionDesk;
beforeAll(() => {
  desk = openDeletionDesk(store.db, store.shop);
});

const retain = (now: Date) =>
  runRetention({ db: store.db, retirers: RETIRERS, eraseLate: eraseLateEvents, now });
const inDays = (count: number) => new Date(Date.now() + days(count));
const payload = z.object({
  id: z.string(),
  type: z.string(),
  data: z.object({ object: z.looseObject({ id: z.string() }) }),
});
const by = { actor: 'usr_admin', reason: 'personal_data', comment: 'asked by mail' };

async function eventsOf(paymentId: string) {
  const intent = await store.shop.intentOf(paymentId);
  return store.db.event.findMany({
    where: { type: 'payment_intent.succeeded', payload: { contains: intent } },
    orderBy: { id: 'asc' },
    take: 50,
  });
}

describe('a redacted payload', () => {
  it('keeps its envelope and the id of its object, and a replay reads that from Stripe and changes nothing', async () => {
    const person = await desk.newPerson();
    const { paymentId } = await desk.buy(person);
    const [event] = await eventsOf(paymentId);
    if (event === undefined) throw new Error('There is no such event.');
    const which = { realmId: event.realmId, eventId: event.id, ...by };
    expect(event.payload).toContain('credence_customer');
    expect(await redactEvent(store.db, which)).toEqual({ outcome: 'redacted' });
    expect(await redactEvent(store.db, which)).toEqual({ outcome: 'already_redacted' });
    const row = await store.db.event.findFirstOrThrow({ where: { id: event.id } });
    expect(row).toMatchObject({ redactedFor: 'staff:usr_admin', sha: event.sha });
    expect(payload.parse(JSON.parse(row.payload)).data.object).toEqual({
      id: await store.shop.intentOf(paymentId),
      object: 'payment_intent',
    });
    const before = await store.db.transfer.count();
    await desk.inbox.replayAll([event.id]);
    await desk.inbox.drain();
    expect(await store.db.event.findFirstOrThrow({ where: { id: event.id } })).toMatchObject({
      ...{ status: 'done', decision: 'duplicate', run: 2 },
    });
    expect(await store.db.transfer.count()).toBe(before);
    expect(await verifyAudit(store.db)).toMatchObject({ outcome: 'intact' });
  });

  it('is refused while its event is on its way', async () => {
    const person = await desk.newPerson();
    const { paymentId } = await desk.buy(person);
    const [event] = await eventsOf(paymentId);
    if (event === undefined) throw new Error('There is no such event.');
    await desk.inbox.replayAll([event.id]);
    const which = { realmId: event.realmId, eventId: event.id, ...by };
    expect(await redactEvent(store.db, which)).toEqual({ outcome: 'not_at_rest' });
    expect(await redactEvent(store.db, { ...which, eventId: 'evt_none' })).toEqual({
      outcome: 'unknown_event',
    });
    await desk.inbox.drain();
    expect(await redactEvent(store.db, which)).toEqual({ outcome: 'redacted' });
  });
});

describe('retention', () => {
  it('takes nothing before its time, and everything that is over after it, once', async () => {
    const person = await desk.newPerson();
    const { paymentId } = await desk.buy(person);
    await desk.mention(person);
    await store.db.$executeRaw`
      INSERT INTO delivery (realm, event, verdict, status, path, ip, agent, bytes, ms) VALUES
        (${store.shop.realm.id}, 'evt_x', 'first', 200, '/webhooks/stripe', '203.0.113.7', 'Stripe/1.0', 10, 1)`;
    const [waiting] = await eventsOf(paymentId);
    await store.db
      .$executeRaw`UPDATE event SET status = 'quarantined', decision = NULL WHERE id = ${waiting?.id ?? ''}`;
    await store.db.mail.updateMany({ where: { recipient: person.email }, data: { state: 'sent' } });

    expect(await retain(inDays(RETENTION_DAYS.delivery_sender - 1))).toMatchObject({
      delivery_sender: 0,
      event_payload: 0,
      mail: 0,
    });
    const found = await retain(inDays(RETENTION_DAYS.event_payload + 1));
    expect(found).toMatchObject({ delivery_sender: 1 });
    expect(found.mail).toBeGreaterThan(0);
    expect(found.event_payload).toBeGreaterThan(5);
    expect(await store.db.delivery.findFirstOrThrow({ where: { eventId: 'evt_x' } })).toMatchObject({
      ip: null,
      agent: null,
    });
    expect(await store.db.mail.count({ where: { recipient: person.email } })).toBe(0);
    // What still waits to be sent keeps its recipient, and what waits for a person its payload.
    expect(await store.db.mail.count({ where: { state: 'queued', redactedAt: { not: null } } })).toBe(0);
    const left = await store.db.event.findMany({ where: { redactedAt: null }, select: { id: true } });
    expect(left.map(({ id }) => id)).toContain(waiting?.id);
    expect(await retain(inDays(RETENTION_DAYS.event_payload + 1))).toMatchObject({
      event_payload: 0,
      mail: 0,
      delivery_sender: 0,
    });

    // It is redacted as soon as it is done with, although all that came with it is long over.
    await store.db.$executeRaw`UPDATE event SET status = 'dismissed' WHERE id = ${waiting?.id ?? ''}`;
    expect(await retain(inDays(RETENTION_DAYS.event_payload + 2))).toMatchObject({ event_payload: 1 });
    const told = await store.db.audit.findFirstOrThrow({
      where: { act: 'retention.carried_out' },
      orderBy: { seq: 'desc' },
    });
    expect(told.body).toMatchObject({ after: { event_payload: 1 } });
  });

  it('is set by kind, with its audit, and nothing else of a delivery can be changed', async () => {
    const set = (daysKept: number | null) =>
      inTransaction(store.db, 'set', (tx) =>
        setRetention(tx, { kind: 'event_payload', days: daysKept, actor: 'cli', reason: 'policy' }),
      );
    expect(await set(7)).toEqual({ outcome: 'set' });
    expect(await set(7)).toEqual({ outcome: 'unchanged' });
    expect(await set(null)).toEqual({ outcome: 'set' });
    const view = (await readRetention(store.db)).find(({ kind }) => kind === 'event_payload');
    expect(view).toMatchObject({ days: null, isDefault: false });
    const person = await desk.newPerson();
    await desk.buy(person);
    expect(await retain(inDays(4000))).toMatchObject({ event_payload: 0 });
    await expect(store.db.$executeRaw`UPDATE delivery SET status = 500`).rejects.toThrow(
      'refuses this UPDATE',
    );
    await expect(store.db.$executeRaw`UPDATE message SET data = data || '{"credits": 1}'`).rejects.toThrow(
      'refuses this UPDATE',
    );
  });
});
