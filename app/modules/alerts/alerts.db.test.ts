import { beforeEach, describe, expect, it } from 'vitest';

import { useFreshDatabase } from '../../../e2e/support/test-database';
import { verifyAudit } from '~/modules/audit/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { hours, minutes } from '~/platform/time';

import { acknowledgeAlert } from './acknowledge-alert.server';
import { evaluateAlerts } from './evaluate-alerts.server';
import { listAlerts } from './list-alerts.server';
import { setAlertChannel } from './set-channel.server';
import { setAlertRule } from './set-rule.server';
import { ALERT_KINDS, type AlertKind, ALERTS } from './shared';
import { APP_URL, HERE, watchedOf } from './testing/watched';

const database = useFreshDatabase();
const watched = watchedOf(() => database.db);
const { sql, pass, evaluate, told, now } = watched;
const by = { actor: 'usr_admin', reason: 'planned', comment: 'tested' };
let realm: RealmView;

beforeEach(async () => {
  await watched.admin();
  const channel = { mailTo: [], webhookUrl: 'http://127.0.0.1:9/alerts' };
  await inTransaction(database.db, 'channel', (tx) => setAlertChannel(tx, channel, HERE, by));
  realm = await watched.realm();
  await watched.workerLives();
});

/** An hourly run that began four hours ago. */
const run = (state: 'running' | 'done', endedAt: Date | null) =>
  sql(
    `INSERT INTO reconcile_run (id, realm, plan, actor, from_at, before_at, created_at, state, ended_at)
     VALUES ($1, $2, 'hourly', 'system', $3::timestamptz - interval '3 days', $3, $3, $4::reconcile_run_state, $5)
     ON CONFLICT DO NOTHING`,
    [newId('rcn'), realm.id, new Date(now().getTime() - hours(4)), state, endedAt],
  );

/** How each kind is made wrong on purpose, and mended. */
const FAULTS: Record<AlertKind, { make: () => Promise<unknown>; mend: () => Promise<unknown> }> = {
  paid_event_waits: {
    make: () => watched.event(realm.id, { ageMs: minutes(6) }),
    mend: () => sql(`UPDATE event SET status = 'done', decision = 'applied', decided_at = now()`),
  },
  worker_down: { make: () => watched.workerDies(), mend: () => watched.workerLives() },
  event_dead: {
    make: () => watched.event(realm.id, { status: 'dead', reason: 'schema' }),
    mend: () => sql(`UPDATE event SET status = 'dismissed' WHERE status = 'dead'`),
  },
  money_in_review: {
    make: () => watched.payment(realm.id, 'review'),
    mend: () => sql(`UPDATE payment SET state = 'paid'`),
  },
  ledger_drift: {
    make: () =>
      sql(
        `INSERT INTO ledger_drift (subject, wallet, fault) VALUES ('wal_1', 'wal_1', 'its lots hold less')`,
      ),
    mend: () => sql(`UPDATE ledger_drift SET seen_at = seen_at - interval '25 hours'`),
  },
  finding_open: {
    make: () =>
      sql(
        `INSERT INTO finding (id, realm, kind, subject, detail, cause) VALUES ('fnd_1', $1, 'unknown_line', 'in_1', 'x', 'test')`,
        [realm.id],
      ),
    mend: () => sql(`UPDATE finding SET state = 'repaired', resolved_at = now()`),
  },
  reconcile_late: {
    make: async () => {
      await sql(`UPDATE realm SET sells = (id = $1) WHERE mode = 'test'`, [realm.id]);
      await run('running', null);
    },
    mend: () => run('done', now()),
  },
  signature_failures: {
    make: () =>
      sql(
        `INSERT INTO delivery (at, verdict, detail, status, path, bytes, ms)
         SELECT $1, 'bad_signature', 'probable_secret_mismatch', 400, '/webhooks/stripe', 1, 1 FROM generate_series(1, 10)`,
        [now()],
      ),
    mend: () => Promise.resolve(pass(minutes(16))),
  },
  events_missed: {
    make: async () => {
      for (let n = 0; n < 10; n += 1)
        await watched.event(realm.id, { source: 'catch_up', status: 'done', type: 'charge.failed' });
    },
    mend: () => sql(`UPDATE event SET received_at = received_at - interval '2 hours'`),
  },
  stripe_unreachable: {
    make: async () => {
      await sql(`UPDATE realm SET sells = (id = $1) WHERE mode = 'test'`, [realm.id]);
      await sql(`INSERT INTO catch_up (realm, listed_until, ran_at) VALUES ($1, now(), $2)`, [
        realm.id,
        new Date(now().getTime() - minutes(16)),
      ]);
    },
    mend: () => sql(`UPDATE catch_up SET ran_at = $1`, [new Date(now().getTime() + hours(1))]),
  },
  call_unknown: {
    make: () =>
      sql(
        `INSERT INTO stripe_call (id, realm, kind, purpose, key, body, created_at)
         VALUES ('scl_1', $1, 'refund.create', 'mbk_1', 'mbk_1.1', '{}', $2)`,
        [realm.id, new Date(now().getTime() - minutes(61))],
      ),
    mend: () => sql(`UPDATE stripe_call SET created_at = created_at + interval '9 hours'`),
  },
  endpoint_disabled: {
    make: async () => {
      const id = await watched.endpoint();
      await sql(`UPDATE endpoint SET state = 'disabled', reason = 'gone' WHERE id = $1`, [id]);
    },
    mend: () => sql(`UPDATE endpoint SET state = 'on', reason = NULL`),
  },
};

describe.each(ALERT_KINDS)('%s', (kind) => {
  const { holdMinutes, remindHours } = ALERTS[kind].rule;

  it('is told once by mail and once by webhook, under two evaluators at once, and once when it is over', async () => {
    await FAULTS[kind].make();
    await evaluate();
    pass(minutes(holdMinutes));
    await Promise.all([evaluate(), evaluate(), evaluate()]);
    expect(await told(kind)).toEqual({ mails: ['raised'], notices: ['raised'] });
    const { open } = await listAlerts(database.db);
    expect(open).toMatchObject([{ kind, state: 'open', told: 1, acknowledged: null }]);
    expect(open[0]?.page).toMatch(/^\/admin/);

    pass(minutes(1));
    await evaluate();
    expect((await told(kind)).mails).toEqual(['raised']);

    await FAULTS[kind].mend();
    await evaluate();
    expect((await told(kind)).mails).toEqual(['raised']);
    pass(minutes(6));
    await Promise.all([evaluate(), evaluate()]);
    expect(await told(kind)).toEqual({ mails: ['raised', 'resolved'], notices: ['raised', 'resolved'] });
    expect(await listAlerts(database.db)).toMatchObject({ open: [], past: [{ kind, state: 'resolved' }] });
  });

  it('is told again while it stands, unless somebody has acknowledged it', async () => {
    // Held by its time alone: what makes it so is not looked at anew by a clock that a test moves.
    await sql(
      `INSERT INTO alert (id, kind, subject, detail, size, page, state, first_seen_at, last_seen_at, raised_at, told, told_at, told_size)
       VALUES ('alr_1', $1, 'made', 'so', 1, '/admin', 'open', $2, $2, $2, 1, $2, 1)`,
      [kind, new Date(now().getTime() - hours(remindHours) + minutes(1))],
    );
    await FAULTS[kind].make();
    const subjectsNow = async () => {
      await evaluate();
      const { rows } = await sql(`SELECT subject FROM alert WHERE kind = $1 AND subject <> 'made'`, [kind]);
      return rows.map((row: { subject: string }) => row.subject);
    };
    const [subject] = await subjectsNow();
    expect(subject).toBeDefined();
    await sql(`DELETE FROM alert_notice`);
    await sql(`DELETE FROM mail`);
    await sql(`DELETE FROM alert WHERE subject <> 'made'`);
    await sql(`UPDATE alert SET subject = $1, clear_since = NULL`, [subject]);
    await evaluate();
    expect(await told(kind)).toEqual({ mails: [], notices: [] });
    await sql(`UPDATE alert SET told_at = told_at - interval '2 minutes'`);
    await Promise.all([evaluate(), evaluate()]);
    expect(await told(kind)).toEqual({ mails: ['reminded'], notices: ['reminded'] });
    const acknowledge = () =>
      inTransaction(database.db, 'acknowledge', (tx) =>
        acknowledgeAlert(tx, { ...by, alertId: 'alr_1', now: now() }),
      );
    expect(await acknowledge()).toEqual({ outcome: 'acknowledged' });
    expect(await acknowledge()).toEqual({ outcome: 'already' });
    await sql(`UPDATE alert SET told_at = told_at - interval '100 hours'`);
    await evaluate();
    expect((await told(kind)).mails).toEqual(['reminded']);
  });
});

describe('what is so', () => {
  it('is nothing in an installation that is well', async () => {
    await watched.event(realm.id, { status: 'done', ageMs: hours(5) });
    await watched.event(realm.id, { ageMs: minutes(1) });
    await watched.event(realm.id, { type: 'charge.failed', ageMs: hours(1) });
    expect(await evaluate()).toEqual({ raised: 0, reminded: 0, resolved: 0 });
    expect(await database.db.alert.count()).toBe(0);
  });

  it('for less than its hold is told to nobody and leaves nothing', async () => {
    await watched.workerDies();
    await evaluate();
    await watched.workerLives();
    pass(minutes(2));
    await evaluate();
    expect(await database.db.alert.count()).toBe(0);
  });

  it('flapping is one alert: what comes back within five minutes was never over', async () => {
    const fault = FAULTS.event_dead;
    await fault.make();
    for (let n = 0; n < 5; n += 1) {
      await evaluate();
      await sql(`UPDATE event SET status = 'dismissed'`);
      pass(minutes(2));
      await evaluate();
      await sql(`UPDATE event SET status = 'dead'`);
      pass(minutes(2));
    }
    expect((await told('event_dead')).mails).toEqual(['raised']);
  });

  it('grows and is told again, though acknowledged, and at most once an hour', async () => {
    await FAULTS.event_dead.make();
    await evaluate();
    const [alert] = (await listAlerts(database.db)).open;
    await inTransaction(database.db, 'acknowledge', (tx) =>
      acknowledgeAlert(tx, { ...by, alertId: alert?.id ?? '', now: now() }),
    );
    await FAULTS.event_dead.make();
    await evaluate();
    expect((await told('event_dead')).mails).toEqual(['raised']);
    pass(hours(1));
    await evaluate();
    await evaluate();
    expect((await told('event_dead')).mails).toEqual(['raised', 'reminded']);
  });

  it('of two codes and two realms is told for each by itself', async () => {
    const other = await watched.realm();
    await watched.event(realm.id, { status: 'dead', reason: 'schema' });
    await watched.event(realm.id, { status: 'dead', reason: 'exhausted' });
    await watched.event(other.id, { status: 'dead', reason: 'schema' });
    expect(await evaluate()).toMatchObject({ raised: 3 });
  });
});

describe('what an admin sets', () => {
  it('holds from the next look on, is audited, and set again changes nothing', async () => {
    await watched.event(realm.id, { ageMs: minutes(6) });
    const rule = { isOn: true, threshold: 10, holdMinutes: 0, remindHours: 1 };
    const set = () =>
      inTransaction(database.db, 'rule', (tx) => setAlertRule(tx, 'paid_event_waits', rule, by));
    expect([await set(), await set()]).toEqual([{ outcome: 'set' }, { outcome: 'unchanged' }]);
    expect(await evaluate()).toMatchObject({ raised: 0 });
    pass(minutes(5));
    expect(await evaluate()).toMatchObject({ raised: 1 });
    expect(
      await database.db.audit.count({
        where: { act: 'alert_rule.changed', subject: 'alert:paid_event_waits' },
      }),
    ).toBe(1);
    expect(await verifyAudit(database.db)).toMatchObject({ outcome: 'intact' });
  });

  it('switched off is told no more, not even that what stood is over', async () => {
    await FAULTS.event_dead.make();
    await evaluate();
    const rule = { ...ALERTS.event_dead.rule, isOn: false };
    await inTransaction(database.db, 'rule', (tx) => setAlertRule(tx, 'event_dead', rule, by));
    await evaluate();
    expect(await told('event_dead')).toEqual({ mails: ['raised'], notices: ['raised'] });
    expect(await listAlerts(database.db)).toMatchObject({ open: [], past: [{ state: 'resolved' }] });
    pass(hours(25));
    expect(await evaluate()).toEqual({ raised: 0, reminded: 0, resolved: 0 });
  });

  it('names who is told in place of every admin, and no address on the inner network', async () => {
    const to = ['duty@example.com', 'pager@example.com'];
    const set = (webhookUrl: string | null) =>
      inTransaction(database.db, 'channel', (tx) =>
        setAlertChannel(tx, { mailTo: to, webhookUrl }, { allowHttp: false, allowedHosts: [] }, by),
      );
    expect(await set('http://127.0.0.1/x')).toEqual({ outcome: 'refused', fault: 'not_https' });
    expect(await set('https://10.0.0.1/x')).toEqual({ outcome: 'refused', fault: 'address_not_allowed' });
    expect(await set(null)).toMatchObject({ outcome: 'set' });
    await FAULTS.event_dead.make();
    await evaluateAlerts(database.db, { now: now(), appUrl: APP_URL });
    const mails = await database.db.mail.findMany({ orderBy: { recipient: 'asc' }, take: 5 });
    expect(mails.map(({ recipient }) => recipient)).toEqual(to);
    expect(mails[0]?.text).toContain(`${APP_URL}/admin/dead-letters`);
    expect(await told('event_dead')).toMatchObject({ notices: [] });
  });
});
