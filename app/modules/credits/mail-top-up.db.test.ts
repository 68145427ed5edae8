import { beforeAll, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { makeRealm } from '~/modules/stripe/testing/deliveries';
import { type RealmView } from '~/modules/stripe/shared';
import { inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { lockRule } from './lock-rule.server';
import { mailCap, mailTopUp } from './mail-top-up.server';
import { moveRule, type RuleMove } from './move-rule.server';
import { consentWords } from './shared';

/** What a customer is told by mail of their automatic top-up, each once. */
const database = useTestDatabase();
const APP = 'https://shop.test';
let realm: RealmView;
beforeAll(async () => {
  realm = await makeRealm(database.db);
});

const TERMS = {
  ...{ packCode: 'starter', credits: 500n, amount: 500n, currency: 'usd', threshold: 100n },
  monthlyCap: 2_000n,
};

async function agreed(email: string | null = `${newId('req')}@example.test`) {
  const { db } = database;
  const [ruleId, customerId, realmId] = [newId('tur'), newId('cst'), realm.id];
  await db.customer.create({ data: { id: customerId, email, name: 'Nora' } });
  await db.topUpRule.create({ data: { id: ruleId, realmId, customerId, state: 'waiting' } });
  const words = consentWords({ ...TERMS, packName: 'Starter' });
  const consent = await db.topUpConsent.create({
    data: { id: newId('tuc'), ruleId, n: 1, ...TERMS, words, actor: `customer:${customerId}` },
  });
  const card = await db.savedCard.create({
    data: {
      ...{ id: newId('crd'), realmId, customerId, stripeMethod: newId('req'), stripeCustomer: 'cus_1' },
      ...{ brand: 'visa', last4: '4242', expMonth: 12, expYear: 2034 },
    },
  });
  const move = (change: RuleMove) =>
    inTransaction(db, 'move', async (tx) => {
      const rule = await lockRule(tx, { realmId, customerId });
      if (rule) await moveRule(tx, rule, change);
    });
  const tell = async () => {
    const changes = await db.topUpChange.findMany({ where: { ruleId }, orderBy: { n: 'asc' } });
    for (const { n } of [...changes, ...changes]) await mailTopUp(db, { ruleId, n }, APP);
  };
  const mails = () =>
    db.mail.findMany({ where: { cause: { startsWith: `top_up:${ruleId}` } }, orderBy: { createdAt: 'asc' } });
  const turnOn = () => move({ to: 'on', consent, cardId: card.id, cause: `customer:${customerId}` });
  return { ruleId, words, move, tell, mails, turnOn };
}

it('it is on: the words that were agreed to, and the card, once', async () => {
  const one = await agreed();
  await one.turnOn();
  await one.tell();
  expect(await one.mails()).toMatchObject([{ kind: 'credits.top_up_on', subject: 'Automatic top-up is on' }]);
  const [mail] = await one.mails();
  expect(mail?.text).toContain(one.words);
  expect(mail?.text).toContain('ending in 4242');
  expect(mail?.text).toContain(`${APP}/settings/auto-top-up`);
});

it('it is paused: why, what the bank said and where to go, but not once it is on again', async () => {
  const one = await agreed();
  await one.turnOn();
  await one.move({ to: 'paused', reason: 'declined', detail: 'Insufficient funds.', cause: 'payment:pay_1' });
  await one.tell();
  const [, paused] = await one.mails();
  expect(paused).toMatchObject({
    subject: 'Automatic top-up is paused: your card was declined',
    kind: 'credits.top_up_paused',
  });
  expect(paused?.text).toMatch(/Insufficient funds\.[^]*Save another card[^]*settings\/auto-top-up/);

  const other = await agreed();
  await other.turnOn();
  await other.move({ to: 'paused', reason: 'declined', detail: undefined, cause: 'payment:pay_2' });
  await other.turnOn();
  await other.move({ to: 'off', cause: 'customer:cst_1' });
  await other.tell();
  expect((await other.mails()).map(({ subject }) => subject)).toEqual([
    'Automatic top-up is on',
    'Automatic top-up is on',
    'Automatic top-up is off',
  ]);
});

it('the month’s cap is reached: once a month, and only while it is on', async () => {
  const one = await agreed();
  await mailCap(database.db, { ruleId: one.ruleId, month: '2026-10' }, APP);
  await one.turnOn();
  for (const month of ['2026-11', '2026-11', '2026-12'])
    await mailCap(database.db, { ruleId: one.ruleId, month }, APP);
  const told = (await one.mails()).filter(({ kind }) => kind === 'credits.cap_reached');
  expect(told.map(({ cause }) => cause)).toEqual([
    `top_up:${one.ruleId}:2026-11`,
    `top_up:${one.ruleId}:2026-12`,
  ]);
  expect(told[0]?.text).toContain('$20.00');
});

it('a customer without an address is told on their page alone', async () => {
  const one = await agreed(null);
  await one.turnOn();
  await one.tell();
  expect(await one.mails()).toEqual([]);
});

it('a rule goes only where it may, and a paused one has its reason', async () => {
  const one = await agreed();
  await one.move({ to: 'off', cause: 'customer:cst_1' });
  await expect(
    one.move({ to: 'paused', reason: 'debt', detail: undefined, cause: 'review' }),
  ).rejects.toThrow('does not go from off to paused');
  const { id } = await database.db.topUpRule.findUniqueOrThrow({ where: { id: one.ruleId } });
  await expect(database.db.topUpRule.update({ where: { id }, data: { state: 'on' } })).rejects.toThrow(
    'top_up_rule_agreed',
  );
});
