import { makeRealm } from '~/modules/stripe/testing/deliveries';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db, inTransaction, poolOf } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { minutes } from '~/platform/time';

import { addEndpoint, addressRules } from '../../outbox/index.server';
import { evaluateAlerts } from '../evaluate-alerts.server';
import { type AlertKind, type Telling } from '../shared';

export const APP_URL = 'https://credits.example.com';
export const HERE = addressRules('test', []);

/** An installation that is watched: what can be made wrong in it, and what was told. */
export function watchedOf(db: () => Db) {
  const sql = (text: string, values: unknown[] = []) => poolOf(db()).query(text, values);
  /** The time by which alerts are evaluated: it goes on only when a test says so. */
  let clock = Date.now();
  const now = () => new Date(clock);

  return {
    sql,
    now,
    pass: (ms: number) => {
      clock += ms;
    },
    evaluate: () => evaluateAlerts(db(), { now: now(), appUrl: APP_URL }),
    /** Looks, passes the time that it takes for what flaps, and looks again. */
    clear: async (): Promise<void> => {
      await evaluateAlerts(db(), { now: now(), appUrl: APP_URL });
      clock += minutes(6);
      await evaluateAlerts(db(), { now: now(), appUrl: APP_URL });
    },
    realm: (): Promise<RealmView> => makeRealm(db()),
    admin: async (): Promise<string> => {
      const id = newId('usr');
      const email = `${id}@example.test`;
      await db().user.create({ data: { id, email, name: 'Staff', passwordHash: 'none', role: 'admin' } });
      return id;
    },
    workerLives: () =>
      sql(`INSERT INTO worker_heartbeat (id, host, pid) VALUES ('wrk_here', 'here', 1)
      ON CONFLICT (id) DO UPDATE SET beat_at = clock_timestamp(), stopped_at = NULL`),
    workerDies: () => sql(`UPDATE worker_heartbeat SET beat_at = clock_timestamp() - interval '1 minute'`),
    event: async (
      realmId: string,
      change: { status?: string; type?: string; ageMs?: number; reason?: string; source?: string } = {},
    ): Promise<string> => {
      const id = `evt_${newId('req').slice(4)}`;
      const { status = 'queued', type = 'checkout.session.completed', ageMs = 0 } = change;
      const { reason = null, source = 'delivery' } = change;
      const isAtRest = status === 'dead' || status === 'quarantined' || status === 'done';
      const at = new Date(clock - ageMs);
      await sql(
        `INSERT INTO event (realm, id, type, created, payload, sha, received_at, status, reason, source, decided_at, decision)
         VALUES ($1, $2, $3, $4, '{}', '', $4, $5::event_status, $6, $7::event_source, $8, $9::event_decision)`,
        [
          realmId,
          id,
          type,
          at,
          status,
          reason,
          source,
          isAtRest ? at : null,
          status === 'done' ? 'applied' : null,
        ],
      );
      return id;
    },
    payment: async (realmId: string, state: string): Promise<string> => {
      const id = newId('pay');
      const customerId = newId('cst');
      await sql(`INSERT INTO customer (id) VALUES ($1)`, [customerId]);
      await sql(
        `INSERT INTO payment (id, realm, customer, kind, state, credits, currency, amount_subtotal, review_reason, stripe_subscription, stripe_invoice, amount_paid, paid_at, money_object)
         VALUES ($1::text, $2, $3, 'plan', $4::payment_state, 100, 'usd', 1000, $5, 'sub_x', 'in_' || $1::text, $6, $7, $8)`,
        [
          ...[id, realmId, customerId, state],
          ...(state === 'review' ? ['test', 1000, new Date(clock), `in_${id}`] : [null, null, null, null]),
        ],
      );
      return id;
    },
    endpoint: async (): Promise<string> => {
      const input = { book: 'test' as const, url: 'http://127.0.0.1:1/x', description: '', types: [] };
      const added = await inTransaction(db(), 'add endpoint', (tx) =>
        addEndpoint(tx, { ...input, rules: HERE, actor: 'test' }),
      );
      if (added.outcome !== 'added') throw new Error(`The endpoint is ${added.outcome}.`);
      return added.endpointId;
    },
    /** What was told of a kind, in order: by mail to each who is told, and by webhook. */
    told: async (kind: AlertKind): Promise<{ mails: string[]; notices: Telling[] }> => {
      const alerts = await db().alert.findMany({ where: { kind }, select: { id: true }, take: 100 });
      const ids = alerts.map(({ id }) => id);
      const mails = await db().mail.findMany({ orderBy: { id: 'asc' }, take: 500 });
      const notices = await db().alertNotice.findMany({
        where: { alertId: { in: ids } },
        orderBy: { id: 'asc' },
        take: 500,
      });
      return {
        mails: mails.flatMap(({ cause, kind: mail }) =>
          ids.some((id) => cause.startsWith(`alert:${id}:`)) ? [mail.replace('alerts.', '')] : [],
        ),
        notices: notices.map(({ what }) => what as Telling),
      };
    },
  };
}
