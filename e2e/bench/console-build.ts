import pg from 'pg';

import { deskRows } from './console-desk';
import { DAYS, ENTRIES_EACH, EVENTS_EACH, HEX, PAYMENTS_EACH, REALM, STANDING } from './console-shape';

/**
 * A store of so many payments that were begun evenly over two years: nine in ten paid, one in ten a plan, one in fifty
 * refunded, each with its events, deliveries, attempts, lot and ledger lines. What waits for a person is as much in every
 * store: it does not grow with the years. Foreign keys hold by how the rows are made; every CHECK stays on. Hashes are no
 * chain: nothing of the console reads them.
 */
export async function buildStore(databaseUrl: string, payments: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `SET session_replication_role = replica; SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'; SET jit = off`,
    );
    const indexes = await dropIndexes(client);
    for (const statement of statements(payments)) await client.query(statement);
    for (const definition of indexes) await client.query(definition);
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}

/** Indexes that stand for no constraint are made after the rows: that takes a third of the time. */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(`
    SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relname = ANY ('{payment,event,delivery,lot,transfer,entry,customer,audit,message,sending,mail,stripe_call}') AND NOT i.indisprimary AND NOT i.indisunique`);
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return rows.map(({ definition }) => definition);
}

function statements(payments: number): string[] {
  const customers = payments / PAYMENTS_EACH;
  const start = `'${new Date().toISOString()}'::timestamptz - interval '${DAYS} days'`;
  const at = `${start} + n * (interval '${DAYS} days' / ${payments}) - interval '1 minute'`;
  const paid = `n % 10 < 9`;
  const amount = `500 + (n % 40) * 250`;
  const currency = `CASE WHEN n / 10 % 20 < 16 THEN 'usd' WHEN n / 10 % 20 < 19 THEN 'eur' ELSE 'jpy' END`;
  /** Two hundred in the store: the n-th of so many. */
  const few = (rest: number) => `n % ${payments / STANDING} = ${rest}`;
  const all = `generate_series(0, ${payments - 1}) n`;
  return [
    `INSERT INTO book (id) VALUES ('test'), ('live') ON CONFLICT DO NOTHING`,
    `INSERT INTO realm (id, account, mode, name) VALUES ('${REALM}', 'acct_bench', 'test', 'Bench')`,
    `INSERT INTO customer (id, email, name, created_at)
      SELECT 'cst_' || ${HEX('n')}, 'customer' || n || '@mail' || n % 97 || '.example',
        (ARRAY['Ada','Maya','Jonas','Elif','Tomas','Ines','Noor','Wei','Ravi','Zoe'])[1 + n % 10] || ' ' ||
        (ARRAY['Weber','Okafor','Costa','Demir','Lindqvist','Moreau','Tanaka','Silva','Novak','Haddad','Byrne'])[1 + n / 10 % 11] || ' ' || n,
        ${start} + n * interval '1 second'
      FROM generate_series(0, ${customers - 1}) n`,
    `INSERT INTO payment (id, realm, customer, kind, state, credits, currency, amount_subtotal, amount_paid, stripe_session, stripe_intent,
        stripe_charge, stripe_invoice, stripe_subscription, money_object, card, review_reason, created_at, paid_at, updated_at)
      SELECT 'pay_' || ${HEX('n')}, '${REALM}', 'cst_' || ${HEX(`n % ${customers}`)},
        CASE WHEN n % 10 = 3 THEN 'plan'::payment_kind ELSE 'pack' END,
        CASE WHEN ${paid} THEN 'paid'::payment_state WHEN ${few(9)} THEN 'review' WHEN ${few(19)} THEN 'open' WHEN n % 100 < 50 THEN 'failed' ELSE 'expired' END,
        1000, ${currency}, ${amount}, CASE WHEN ${paid} THEN ${amount} END,
        'cs_test_' || ${HEX('n')}, 'pi_' || ${HEX('n')}, 'ch_' || ${HEX('n')},
        CASE WHEN n % 10 = 3 THEN 'in_' || ${HEX('n')} END, CASE WHEN n % 10 = 3 THEN 'sub_' || ${HEX('n')} END,
        CASE WHEN ${paid} THEN 'pi_' || ${HEX('n')} END, 'visa •••• ' || lpad((n % 200)::text, 4, '0'),
        CASE WHEN ${few(9)} THEN 'amount_differs' END, ${at}, CASE WHEN ${paid} THEN ${at} END, ${at}
      FROM ${all}`,
    `INSERT INTO payment_change (payment, n, "from", "to", reason, cause, at)
      SELECT 'pay_' || ${HEX('n')}, 1, NULL::payment_state, 'created'::payment_state, 'picked', 'customer:cst_' || ${HEX(`n % ${customers}`)}, ${at} FROM ${all}
      UNION ALL SELECT 'pay_' || ${HEX('n')}, 2, 'created', 'paid', 'settled', 'event:evt_' || ${HEX(`n * ${EVENTS_EACH}`)}, ${at} FROM ${all} WHERE ${paid}`,
    `INSERT INTO event (realm, id, type, object_id, api_version, created, payload, sha, received_at, status, decision, reason, tries, due_at, decided_at)
      SELECT '${REALM}', 'evt_' || ${HEX(`n * ${EVENTS_EACH} + k`)},
        (ARRAY['checkout.session.completed','payment_intent.succeeded','charge.succeeded'])[1 + k],
        (ARRAY['cs_test_','pi_','ch_'])[1 + k] || ${HEX('n')}, '2026-10-28.endive', ${at}, '{"id":"evt","object":"event"}', '\\x00', ${at} + k * interval '1 millisecond',
        CASE WHEN ${few(7)} AND k = 0 THEN 'dead'::event_status WHEN ${few(17)} AND k = 0 THEN 'quarantined' ELSE 'done' END,
        CASE WHEN (${few(7)} OR ${few(17)}) AND k = 0 THEN NULL WHEN k = 0 THEN 'applied'::event_decision WHEN k = 1 THEN 'duplicate' ELSE 'no-op' END,
        'settled', 1, ${at}, ${at} + interval '30 milliseconds'
      FROM ${all}, generate_series(0, ${EVENTS_EACH - 1}) k`,
    `INSERT INTO delivery (realm, event, event_type, at, verdict, status, path, ip, bytes, ms)
      SELECT '${REALM}', 'evt_' || ${HEX(`n * ${EVENTS_EACH} + k`)}, 'payment_intent.succeeded', ${at} + k * interval '1 millisecond',
        'first'::delivery_verdict, 200, '/webhooks/stripe', '3.18.12.' || n % 5, 3000, 2
      FROM ${all}, generate_series(0, ${EVENTS_EACH - 1}) k
      UNION ALL SELECT NULL, NULL, NULL, ${at}, 'bad_signature'::delivery_verdict, 400, '/webhooks/stripe', '10.0.0.1', 10, 1 FROM ${all} WHERE ${few(3)}`,
    `INSERT INTO attempt (realm, event, run, n, started_at, ended_at, outcome, code, effects)
      SELECT '${REALM}', 'evt_' || ${HEX(`n * ${EVENTS_EACH} + k`)}, 1, 1, ${at}, ${at}, 'done', 'applied',
        CASE WHEN k = 0 THEN ARRAY['pay_' || ${HEX('n')}] ELSE '{}' END
      FROM ${all}, generate_series(0, ${EVENTS_EACH - 1}) k`,
    `INSERT INTO lot (id, wallet, kind, priority, promo, granted, available, open, payment, paid_minor, net_minor, currency, created_at)
      SELECT 'lot_' || ${HEX('n')}, 'wal_' || ${HEX(`n % ${customers}`)}, 'pack', 50, false, 1000, LEFT_OVER, LEFT_OVER > 0, 'pay_' || ${HEX('n')},
        ${amount}, ${amount}, ${currency}, ${at}
      FROM ${all} WHERE ${paid}`.replaceAll('LEFT_OVER', leftOver('n')),
    ...ledgerOf(payments, customers, at, paid),
    `INSERT INTO audit (at, actor, act, subject, reason, body_digest, hash)
      SELECT ${at}, 'usr_' || n % 20, (ARRAY['refund.requested','event.dismissed','limit.changed','stripe.checked'])[1 + n % 4],
        'pay_' || ${HEX('n')}, (ARRAY['goodwill','duplicate','fraudulent'])[1 + n % 3], sha256(''), '\\x00' FROM ${all} WHERE n % 10 = 0`,
    ...deskRows({ payments, customers, at, currency, few }),
  ];
}

/** Every second payment's credits are spent to the last, the others' all but a hundred. */
const leftOver = (n: string) => `(CASE WHEN ${n} % 20 < 10 THEN 0 ELSE 100 END)`;

/** A grant and spends that follow it by the minute. */
function ledgerOf(payments: number, customers: number, at: string, paid: string): string[] {
  const spends = ENTRIES_EACH;
  // So many lines for nine payments in ten are ten for each of all.
  const each = `generate_series(0, ${payments - 1}) n, generate_series(0, ${spends}) s`;
  const place = `(n / ${customers}) * ${spends + 1} + s + 1`;
  const amount = `CASE WHEN s = 0 THEN 1000 WHEN s = ${spends} AND ${leftOver('n')} > 0 THEN 1 WHEN ${leftOver('n')} > 0 AND s = 1 THEN 99 ELSE 100 END`;
  const left = `CASE WHEN ${leftOver('n')} = 0 THEN 1000 - s * 100 WHEN s = 0 THEN 1000 WHEN s = ${spends} THEN 100 ELSE 1001 - s * 100 END`;
  const time = `${at} + s * interval '1 minute' - interval '${spends} minutes'`;
  const transfer = `'txf_' || ${HEX(`n::bigint * ${spends + 1} + s`)}`;
  return [
    `INSERT INTO transfer (id, book, key, body_hash, kind, wallet, amount, payment, actor, occurred_at, recorded_at)
      SELECT ${transfer}, 'test', CASE WHEN s = 0 THEN 'grant:pay_' || ${HEX('n')} ELSE 'bench:' || n || ':' || s END, '\\x00',
        CASE WHEN s = 0 THEN 'grant'::transfer_kind ELSE 'spend' END, 'wal_' || ${HEX(`n % ${customers}`)}, ${amount},
        CASE WHEN s = 0 THEN 'pay_' || ${HEX('n')} END, CASE WHEN s = 0 THEN 'event:evt_' || ${HEX(`n * ${EVENTS_EACH}`)} ELSE 'api:apc_1' END, ${time}, ${time}
      FROM ${each} WHERE ${paid} AND n % 10 < 9`,
    `INSERT INTO entry (wallet, seq, transfer, "from", "to", lot, amount, available_after, held_after, claimed_after, debt_after,
        lot_available_after, lot_held_after, lot_claimed_after, recorded_at, hash)
      SELECT 'wal_' || ${HEX(`n % ${customers}`)}, ${place}, ${transfer}, CASE WHEN s = 0 THEN 'issued.pack'::ledger_account ELSE 'available' END,
        CASE WHEN s = 0 THEN 'available'::ledger_account ELSE 'spent' END, 'lot_' || ${HEX('n')}, ${amount}, ${left}, 0, 0, 0, ${left}, 0, 0, ${time}, '\\x00'
      FROM ${each} WHERE ${paid}`,
    `INSERT INTO wallet (id, book, customer, available, seq, head, last_at)
      SELECT 'wal_' || ${HEX('c')}, 'test', 'cst_' || ${HEX('c')}, coalesce(l.available, 0), coalesce(e.seq, 0), '\\x00', coalesce(e.at, now())
      FROM generate_series(0, ${customers - 1}) c
      LEFT JOIN (SELECT wallet, sum(available) AS available FROM lot GROUP BY 1) l ON l.wallet = 'wal_' || ${HEX('c')}
      LEFT JOIN (SELECT wallet, max(seq) AS seq, max(recorded_at) AS at FROM entry GROUP BY 1) e ON e.wallet = 'wal_' || ${HEX('c')}`,
  ];
}
