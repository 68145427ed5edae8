import { createHash } from 'node:crypto';
import pg from 'pg';

import { openSales, type Sale } from './sales';
import { percentile } from './statistics';

const TIMES = 300;

/** What Postgres alone takes for it on this machine, one after the other while nothing else runs. */
export async function measureFloor(client: pg.Client, first: number): Promise<void> {
  const sales = await openSales(client, first, TIMES);
  const chain: number[] = [];
  for (const sale of sales) {
    const startedAt = performance.now();
    await settleBySql(client, sale);
    chain.push(performance.now() - startedAt);
  }
  const wake = await notifyAndRead(client);
  const line = (values: number[]) =>
    `p50 ${percentile(values, 0.5).toFixed(1)}, p99 ${percentile(values, 0.99).toFixed(1)} ms`;
  console.log(
    `  floor, event stored, payment paid and credits granted in two direct transactions: ${line(chain)}`,
  );
  console.log(`  floor, NOTIFY → another connection reads: ${line(wake)}`);
}

/** The least that must be written: the event in one commit; payment, history and grant in another. */
async function settleBySql(client: pg.Client, { n, customerId }: Sale): Promise<void> {
  const hash = createHash('sha256').update(String(n)).digest();
  await client.query({
    name: 'floor event',
    text: `INSERT INTO event (realm, id, type, created, payload, sha, status, decision, decided_at)
      VALUES ('rlm_bench', $1, 'payment_intent.succeeded', now(), '{}', $2, 'done', 'applied', now())`,
    values: [`evt_floor${n}`, hash],
  });
  await client.query('BEGIN');
  await client.query({
    name: 'floor payment',
    text: `UPDATE payment SET state = 'paid', money_object = $2, amount_paid = 1000, amount_discount = 0, amount_tax = 0, paid_at = now() WHERE id = $1`,
    values: [`pay_bench${n}`, `pi_floor${n}`],
  });
  await client.query({
    name: 'floor change',
    text: `INSERT INTO payment_change (payment, n, "from", "to", reason, cause) VALUES ($1, 2, 'open', 'paid', 'floor', 'bench')`,
    values: [`pay_bench${n}`],
  });
  await client.query({
    name: 'floor grant',
    text: `SELECT outcome FROM ledger_grant('test', $1, $2, $3, 1000, 'pack', 50::smallint, false, NULL, $4, 1000, 'usd', 'bench', NULL, now())`,
    values: [customerId, `grant:pay_bench${n}`, hash, `pay_bench${n}`],
  });
  await client.query('COMMIT');
}

async function notifyAndRead(client: pg.Client): Promise<number[]> {
  const listener = new pg.Client({ connectionString: urlOf(client) });
  await listener.connect();
  await listener.query('LISTEN floor');
  const times: number[] = [];
  try {
    for (let n = 0; n < TIMES; n += 1) {
      const heard = new Promise((resolve) => listener.once('notification', resolve));
      const startedAt = performance.now();
      await client.query('NOTIFY floor');
      await heard;
      await listener.query('SELECT 1');
      times.push(performance.now() - startedAt);
    }
  } finally {
    await listener.end();
  }
  return times;
}

function urlOf({ user = '', password, host, port, database = '' }: pg.Client): string {
  return `postgresql://${user}:${password ?? ''}@${host}:${port}/${database}`;
}
