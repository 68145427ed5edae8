import { describe, expect, it } from 'vitest';

import { createUser } from '../../app/modules/auth/index.server';
import { sealSecret } from '../../app/modules/auth/seal-secret.server';
import { addJob } from '../../app/modules/jobs/index.server';
import { setPause } from '../../app/modules/pauses/index.server';
import { eventBody } from '../../app/modules/stripe/testing/deliveries';
import { newId } from '../../app/platform/ids.server';
import { closeDb, createDb, inTransaction, poolOf } from '../../app/platform/db.server';
import { hours } from '../../app/platform/time';
import { clientFor, startUnderTest } from '../stripe-sandbox/testing/under-test';
import { codesOf, has, only, OTHER_SECRET, SETUP, usePatient } from './testing/patient';

const p = usePatient();
const { deliver, proven, run, stripe } = p;

describe('secrets and deliveries', () => {
  it('a secret of another account, and one that nothing has proven', async () => {
    const other = await p.database.db.realm.create({
      data: { id: newId('rlm'), account: 'acct_former', mode: 'live', name: 'Former', sells: false },
    });
    await proven(OTHER_SECRET, other.id);
    const report = await run({
      STRIPE_WEBHOOK_SECRETS: `${p.secret},${OTHER_SECRET},whsec_nobodys0123456789xyz`,
    });
    expect(codesOf(report)).toEqual(['secret_of_other_realm', 'secret_unproven']);
    const finding = has('secret_of_other_realm', report);
    expect(finding.said).toContain('events of acct_former in live mode');
    expect(finding.said).toContain('whsec_…efgh');
    has('secret_unproven', report);
    expect(JSON.stringify(report)).not.toContain(OTHER_SECRET);
  });

  it('signatures that none of our secrets made: all of them, or some', async () => {
    const { body } = eventBody();
    expect((await deliver(body, OTHER_SECRET)).status).toBe(400);
    const all = only('signature_failures', await run());
    expect(all.said).toContain('is not the secret of the endpoint');
    expect((await deliver(body, p.secret)).status).toBe(200);
    expect(has('signature_failures', await run()).said).toContain('a second endpoint leads here');
    await p.database.db.$executeRaw`ALTER TABLE delivery DISABLE TRIGGER USER`;
    await p.database.db.$executeRaw`DELETE FROM delivery`;
    expect(codesOf(await run())).toEqual([]);
  });

  it('events of another mode, and deliveries that were held back', async () => {
    await deliver(eventBody({ livemode: true }).body, p.secret);
    await deliver(eventBody().body, p.secret, new Date(Date.now() - hours(1)));
    const report = await run();
    await p.database.db.$executeRaw`DELETE FROM delivery`;
    expect(codesOf(report)).toEqual(['deliveries_of_other_realm', 'deliveries_stale']);
    expect(has('deliveries_of_other_realm', report).said).toContain('a live event at a test realm');
    has('deliveries_stale', report);
  });

  it('secrets of staff that ENCRYPTION_KEYS does not open', async () => {
    const made = await createUser(p.database.db, {
      ...{ email: 's@example.test', name: 's', role: 'admin', password: 'four old words', verified: true },
    });
    if (made.outcome !== 'created') throw new Error(made.outcome);
    const secret = sealSecret(['another key of thirty-two letters!'], made.userId, 'SECRET');
    await p.database.db.totp.create({ data: { userId: made.userId, secret, createdAt: new Date() } });
    const report = await run();
    await p.database.db.totp.delete({ where: { userId: made.userId } });
    expect(only('sealed_unopened', report)).toMatchObject({ stopsStart: true });
  });
});

describe('catalogue and prices', () => {
  const rows = () =>
    p.database.db.stripePrice.findMany({
      where: { realmId: p.shop.realm.id, currency: 'usd' },
      orderBy: { stripeId: 'asc' },
    });
  const point = (row: Awaited<ReturnType<typeof rows>>[number], stripeId: string) =>
    p.database.db.stripePrice.update({
      where: {
        realmId_versionId_currency: {
          realmId: row.realmId,
          versionId: row.versionId,
          currency: row.currency,
        },
      },
      data: { stripeId },
    });

  it('a price that is archived, one that costs something else, one that is gone', async () => {
    const [archived, changed, gone] = await rows();
    if (!archived || !changed || !gone) throw new Error('Three packs are for sale.');
    await stripe().prices.update(archived.stripeId, { active: false });
    const other = await stripe().prices.create({
      currency: 'eur',
      unit_amount: 1,
      product: `credence_${changed.versionId}`,
    });
    await point(changed, other.id);
    await point(gone, 'price_gone');
    const report = await run();
    await stripe().prices.update(archived.stripeId, { active: true });
    await point(changed, changed.stripeId);
    await point(gone, gone.stripeId);
    expect(codesOf(report).sort()).toEqual(['price_changed', 'price_inactive', 'price_missing']);
    const finding = has('price_changed', report);
    expect(finding.said).toContain('amount is 1, the catalogue says');
    expect(finding.said).toContain('currency is eur, the catalogue says usd');
    expect(finding).toMatchObject({ stopsStart: true, fix: SETUP });
    has('price_inactive', report);
    has('price_missing', report);
  });

  it('a price of the other mode than the key, by the words of Stripe', async () => {
    const both = await startUnderTest({ live: {} });
    const live = clientFor(both.url, { key: 'sk_live_doctor000000' });
    const price = await live.prices.create({
      currency: 'usd',
      unit_amount: 100,
      product_data: { name: 'x' },
    });
    const [row] = await rows();
    if (row === undefined) throw new Error('A pack is for sale.');
    await point(row, price.id);
    const report = await run({ STRIPE_API_BASE: both.url });
    await point(row, row.stripeId);
    await both.stop();
    expect(has('price_of_other_mode', report).said).toContain('is of the other mode than the key');
    // The same database at another account: half of a switch.
    expect(has('key_of_other_account', report)).toMatchObject({ stopsStart: true });
  });

  it('a pack without its price, and an empty catalogue', async () => {
    const [row] = await rows();
    if (row === undefined) throw new Error('A pack is for sale.');
    await p.database.db.stripePrice.delete({
      where: {
        realmId_versionId_currency: {
          realmId: row.realmId,
          versionId: row.versionId,
          currency: row.currency,
        },
      },
    });
    expect(only('price_unmade', await run()).fix).toBe(SETUP);
    await p.database.db.stripePrice.create({ data: row });
    await p.database.db.catalogItem.updateMany({ data: { onSale: false } });
    only('nothing_for_sale', await run());
    await p.database.db.catalogItem.updateMany({ data: { onSale: true } });
  });
});

describe('a switch of accounts', () => {
  it('that is about to happen, and ids that this account does not know', async () => {
    const other = await startUnderTest();
    const fresh = await run({ STRIPE_API_BASE: other.url, STRIPE_SECRET_KEY: 'sk_test_ofanother00' });
    expect(has('key_new', fresh).said).toContain(`started with this key, ${other.sandbox.account.id} does`);
    await p.shop.sell();
    const report = await run({ STRIPE_API_BASE: other.url });
    await other.stop();
    const finding = has('ids_of_other_account', report);
    expect(finding.subject).toMatch(/^cus_/);
    expect(finding.stopsStart).toBe(true);
    expect(codesOf(await run())).toEqual([]);
  });

  it('after which something of the former account is still open', async () => {
    const former = await p.database.db.realm.create({
      data: { id: newId('rlm'), account: 'acct_before', mode: 'test', name: 'Before', sells: false },
    });
    const customer = await p.shop.newCustomer();
    await p.database.db.payment.create({
      data: {
        ...{ id: newId('pay'), realmId: former.id, customerId: customer.id, kind: 'pack', state: 'open' },
        ...{ credits: 10n, currency: 'usd', amountSubtotal: 100n },
      },
    });
    const finding = only('former_realm_open', await run());
    expect(finding.said).toContain(
      'Before (acct_before) sells no more, its key is not held, and it has open: 1 payment.',
    );
    await p.database.db.payment.deleteMany({ where: { realmId: former.id } });
  });
});

describe('database and work', () => {
  it('a server that is too old, small, not durable, or takes no writes', async () => {
    const old = await run({}, { oldestPostgres: 990_000 });
    expect(only('postgres_old', old).said).toContain('needs 99 or newer');
    expect(only('pool_too_large', await run({ DATABASE_POOL: '200' })).fix).toContain('DATABASE_POOL');
    const name = new URL(p.database.url).pathname.slice(1);
    await p.database.db.$executeRawUnsafe(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const readOnly = createDb(p.database.url, 2);
    const report = await run({}, { db: readOnly });
    await closeDb(readOnly);
    await p.database.db.$executeRawUnsafe(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    expect(has('database_read_only', report)).toMatchObject({ stopsStart: true });
    const { findings } = await run();
    const of = (asked: string) => findings.filter(({ code }) => code === asked);
    expect(of('database_not_durable')).toMatchObject([{ subject: 'synchronous_commit', stopsStart: true }]);
    expect(of('database_storage_unsafe')).toMatchObject([
      { subject: 'fsync', severity: 'warning', stopsStart: false },
      { subject: 'full_page_writes', severity: 'warning', stopsStart: false },
    ]);
  });

  it('migrations that are missing, or began and did not end', async () => {
    await p.database.db
      .$executeRaw`INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', 'x', '20261123140100_alerts')`;
    const half = await run();
    await p.database.db.$executeRaw`DELETE FROM _prisma_migrations WHERE id = 'x'`;
    expect(only('migration_failed', half).fix).toContain(
      `where migration_name = '20261123140100_alerts' and finished_at is null`,
    );
    const report = await run({}, { migrationsFolder: 'app/modules' });
    expect(only('migrations_pending', report).fix).toBe('npm run credence -- migrate');
  });

  it('a database that does not answer, without its password', async () => {
    const dead = createDb('postgresql://nobody:verysecretword@127.0.0.1:1/none');
    const report = await run({}, { db: dead });
    await closeDb(dead);
    only('database_unreachable', report);
    expect(JSON.stringify(report)).not.toContain('verysecretword');
  });

  it('a mail server whose password has a bare percent sign, which is not shown', async () => {
    const report = await run({ SMTP_URL: 'smtp://me:%verysecretword@127.0.0.1:1' });
    only('mail_unreachable', report);
    expect(JSON.stringify(report)).not.toContain('verysecretword');
  });

  it('no worker, and work that waits', async () => {
    await inTransaction(p.database.db, 'late job', (tx) =>
      addJob(tx, 'mail.send', { mailId: 'x' }, { runAt: new Date(Date.now() - hours(1)), key: 'late' }),
    );
    await p.endWorker();
    const report = await run();
    await poolOf(p.database.db).query(`SELECT FROM graphile_worker.remove_job('late')`);
    expect(has('worker_down', report).fix).toContain('npm start');
    expect(has('work_waits', report).said).toContain('has been due for 60 minutes');
    await p.startWorker();
    expect(codesOf(await run())).toEqual([]);
  });

  it('a pause that stands', async () => {
    const set = (pauses: boolean) =>
      inTransaction(p.database.db, 'pause', (tx) =>
        setPause(tx, {
          book: 'test',
          work: 'selling',
          pauses,
          actor: 'cli',
          reason: 'incident',
          comment: 'ticket 1',
        }),
      );
    await set(true);
    const finding = only('paused', await run());
    await set(false);
    expect(finding.fix).toBe(
      'npm run credence -- pause clear selling --book test --reason over --comment TEXT',
    );
  });
});
