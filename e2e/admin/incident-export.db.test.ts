import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';

import { incidentCommand } from '../../app/cli/incident-command';
import { makePayment } from '../../app/modules/admin/testing/console-data';
import { incidentFile } from '../../app/modules/incidents/index.server';
import { makeRealm } from '../../app/modules/stripe/testing/deliveries';
import { days } from '../../app/platform/time';
import { openRefundDesk, type PaidSale, type RefundDesk } from '../money/testing/refund-desk';
import { useTestStore } from '../money/testing/store';
import { type Member, useTestConsole } from '../support/test-console';

/** An incident by its dialog and by the command. */
const EXPORT = 'admin.incidents.export';
const store = useTestStore();
const desk = useTestConsole(store, () => store.shop);
const folder = mkdtempSync(path.join(os.tmpdir(), 'incident-'));
afterAll(() => rmSync(folder, { recursive: true }));

let refunds: RefundDesk;
let sale: PaidSale;
let finance: Member;
beforeAll(async () => {
  refunds = openRefundDesk(store.db, store.shop);
  sale = await refunds.sell();
  await refunds.request(sale.paymentId, 500n, { comment: 'Casey Canary asked on the phone' });
  await refunds.hear(sale.paymentId);
  finance = await desk.staff('finance');
});

const reason = { reason: 'bug_report', comment: 'for the team' };
const withFile = z.object({
  outcome: z.literal('done'),
  file: z.object({ name: z.string(), text: z.string() }),
});

it('a payment’s incident is written for finance, audited, and names nobody and none of our rows', async () => {
  const answer = await desk.send(EXPORT, { as: finance, fields: { about: sale.paymentId, ...reason } });
  const { file } = withFile.parse(answer);
  const { incident, events } = incidentFile.parse(JSON.parse(file.text));
  expect(incident.about).toHaveLength(1);
  expect(file.name).toBe(`incident-${incident.about[0] ?? 'none'}.json`);
  expect(file.name).not.toContain(sale.paymentId);
  expect(events.length).toBeGreaterThan(4);
  expect(incident.acts.map(({ act }) => act)).toEqual(['refund']);
  expect(incident.expected.customers).toMatchObject([{ available: 1875 }]);
  expect(await desk.auditsOf(sale.paymentId)).toEqual([`${finance.userId} incident.exported bug_report`]);

  const { shop, db } = store;
  const stripeCustomers = await db.stripeCustomer.findMany({ select: { stripeId: true }, take: 9 });
  const payment = await db.payment.findUniqueOrThrow({ where: { id: sale.paymentId } });
  const secrets = [
    ...[sale.paymentId, sale.customerId, sale.intent, `${sale.customerId}@example.test`, 'example.test'],
    ...[payment.stripeSession, payment.stripeCharge, payment.receiptUrl, shop.realm.id, shop.realm.account],
    ...stripeCustomers.map(({ stripeId }) => stripeId),
    ...['"Nora', 'Canary', '"94107"', '"4242"', 'visa ••••', 'usr_', 'whsec', 'sk_test', '203.0.113'],
  ];
  for (const secret of secrets) expect(file.text).not.toContain(secret ?? 'never');
});

it('nobody below finance has it, and what is not there is said', async () => {
  const sent = { fields: { about: sale.paymentId, ...reason } };
  expect(await desk.send(EXPORT, { as: await desk.staff('support'), ...sent })).toBe(403);
  expect(await desk.send(EXPORT, { as: finance, fields: { about: 'pay_unknown', ...reason } })).toMatchObject(
    {
      outcome: 'refused',
      message: 'Nothing was exported: nothing in this realm goes by that id.',
    },
  );
  expect(await desk.send(EXPORT, { as: finance, fields: { about: 'nora', ...reason } })).toMatchObject({
    outcome: 'refused',
    fields: { about: ['This names no payment, customer or event.'] },
  });
});

it('of a payment in another realm it says whose key is missing where nobody holds it', async () => {
  const former = await makeRealm(store.db);
  const about = await makePayment(store.db, { realmId: former.id, customerId: sale.customerId });
  expect(await desk.send(EXPORT, { as: finance, fields: { about, ...reason } })).toMatchObject({
    outcome: 'refused',
    message: expect.stringContaining(former.account),
  });
});

it('the command writes a customer’s, moved in time, and says what it cannot', async () => {
  const out = path.join(folder, 'incident.json');
  const said: string[] = [];
  const say = (sentence: string) => void said.push(sentence);
  const startAt = new Date(Date.now() - days(300)).toISOString();
  const words = ['export', sale.customerId, '--out', out, '--start-at', startAt, '--reason', 'a bug'];
  await incidentCommand(words, say);
  expect(said).toEqual([expect.stringMatching(/incident\.json: \d+ events without names\.$/)]);
  const { startedMs, events } = incidentFile.parse(JSON.parse(readFileSync(out, 'utf8')));
  expect(Date.now() - startedMs).toBeGreaterThan(days(299));
  expect(Math.max(...events.map(({ created }) => created)) * 1000).toBeLessThan(Date.now() - days(299));
  await expect(incidentCommand(['export', sale.customerId, '--out', out], say)).rejects.toThrow('--reason');
  await expect(incidentCommand(['replay', path.join(folder, 'none.json')], say)).rejects.toThrow('no file');
  await expect(incidentCommand(['replay'], say)).rejects.toThrow('Usage');
});
