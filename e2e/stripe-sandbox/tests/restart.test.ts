import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STARTS_A_PROCESS } from '../testing/run-cli';
import {
  clientFor,
  PACK,
  PAYER,
  SECRET,
  startReceiver,
  startUnderTest,
  until,
  type Receiver,
} from '../testing/under-test';

let folder: string;
let receiver: Receiver;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sandbox-'));
  receiver = await startReceiver();
});
afterEach(async () => {
  await receiver.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a restart', () => {
  it('finds the same account, objects, prices, keys and mail', async () => {
    const first = await startUnderTest({ data: folder });
    const session = await first.stripe.checkout.sessions.create({
      ...PACK,
      metadata: { odd: '\u2028 \n ü' },
    });
    await first.sandbox.checkout.pay(session.id, PAYER);
    const product = await first.stripe.products.create({ name: 'kept' }, { idempotencyKey: 'kept' });
    const mail = first.sandbox.mail.receive({ from: 'a', to: 'b', subject: 'c', text: 'd', html: 'e' });
    await until(async () => (await first.stripe.balanceTransactions.list()).data.length === 1);
    const expand = ['payment_intent.latest_charge.balance_transaction', 'line_items'];
    const before = await first.stripe.checkout.sessions.retrieve(session.id, { expand });
    const events = await first.stripe.events.list({ limit: 100 });
    await first.stop();
    appendFileSync(path.join(folder, 'journal.ndjson'), '[["products","prod_torn",{"id":"pr');

    const second = await startUnderTest({ data: folder });
    expect(second.sandbox.account.id).toBe(first.sandbox.account.id);
    expect(await second.stripe.checkout.sessions.retrieve(session.id, { expand })).toEqual({
      ...before,
      url: null,
    });
    expect((await second.stripe.events.list({ limit: 100 })).data).toEqual(events.data);
    expect((await second.stripe.products.create({ name: 'kept' }, { idempotencyKey: 'kept' })).id).toBe(
      product.id,
    );
    expect(second.sandbox.mail.find(mail.id)).toEqual(mail);
    await second.stop();
  });

  it('goes on with deliveries, late events and expiries that were pending', async () => {
    const settings = { settleDelayMs: 300, retryScheduleMs: [300, 20, 20] };
    const options = { data: folder, webhook: receiver.url, webhookSecret: SECRET, settings };
    const first = await startUnderTest(options);
    receiver.answer = () => 503;
    const session = await first.stripe.checkout.sessions.create(PACK);
    await first.sandbox.checkout.pay(session.id, PAYER);
    await until(() => receiver.received.length >= 1);
    await first.stop();
    receiver.answer = () => 200;
    receiver.received.length = 0;

    const second = await startUnderTest(options);
    await until(() => new Set(receiver.events().map(({ id }) => id)).size === 5);
    expect(new Set(receiver.types())).toEqual(
      new Set([
        'charge.succeeded',
        'payment_intent.succeeded',
        'payment_intent.created',
        'checkout.session.completed',
        'charge.updated',
      ]),
    );
    expect(second.sandbox.endpoints.list()).toHaveLength(1);
    await second.stop();
  });

  it('drops the answers of keys that are a day old', async () => {
    const first = await startUnderTest({ data: folder });
    await first.stripe.products.create({ name: 'old' }, { idempotencyKey: 'yesterday' });
    await first.stop();
    const second = await startUnderTest({ data: folder, settings: { clockOffsetMs: 25 * 60 * 60 * 1000 } });
    await second.stop();
    const journal = readFileSync(path.join(folder, 'journal.ndjson'), 'utf8');
    expect(journal).toContain('["savedAnswers","yesterday",null]');
  });

  it('refuses a folder that belongs to another account', async () => {
    const first = await startUnderTest({ data: folder, account: 'acct_1aaaaaaaaaaaaaaa' });
    await first.stop();
    await expect(startUnderTest({ data: folder, account: 'acct_1bbbbbbbbbbbbbbb' })).rejects.toThrow(
      'belongs to acct_1aaaaaaaaaaaaaaa',
    );
  });

  it('says in a sentence that it cannot read what another version wrote, and where a file is damaged', async () => {
    const file = path.join(folder, 'journal.ndjson');
    appendFileSync(file, '[["products","prod_1",{"id":"prod_1","object":"item"}]]\n');
    await expect(startUnderTest({ data: folder })).rejects.toThrow(
      `${file} holds prod_1 of products in a form that this version of the sandbox does not read`,
    );
    writeFileSync(file, '[["things","t_1",{}]]\n');
    await expect(startUnderTest({ data: folder })).rejects.toThrow(`${file} holds t_1 of things`);
    writeFileSync(file, '[]\n[["prod\n[]\n');
    await expect(startUnderTest({ data: folder })).rejects.toThrow(`${file} is damaged at byte 3`);
  });
});

describe('kill -9', STARTS_A_PROCESS, () => {
  const root = path.resolve(import.meta.dirname, '../../..');

  async function launch(): Promise<{ child: ChildProcess; url: string }> {
    const main = path.join(import.meta.dirname, '../main.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', main, '--port', '0', '--data', folder], {
      cwd: root,
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const url = await until(() => /ready at (\S+)/.exec(output)?.[1]);
    return { child, url };
  }

  const ended = (child: ChildProcess): Promise<unknown> =>
    new Promise((resolve) => child.once('exit', resolve));

  it('loses nothing that was answered', async () => {
    const first = await launch();
    const stripe = clientFor(first.url);
    const customers = await Promise.all(
      Array.from({ length: 50 }, (_, turn) => stripe.customers.create({ name: `c${turn}` })),
    );
    first.child.kill('SIGKILL');
    await ended(first.child);

    const second = await launch();
    const found = await clientFor(second.url).customers.list({ limit: 100 });
    expect(new Set(found.data.map(({ id }) => id))).toEqual(new Set(customers.map(({ id }) => id)));
    second.child.kill('SIGTERM');
    expect(await ended(second.child)).toBe(0);
  });
});
