import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  afterlifeOf,
  change,
  idOf,
  ledgerOf,
  lifeOf,
  payCharge,
  startMoneyTest,
  sumOf,
  type MoneyTest,
} from '../testing/money';
import { refusalOf, SECRET, startReceiver, until, type Receiver } from '../testing/under-test';

let money: MoneyTest;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  money = await startMoneyTest({ webhook: receiver.url, webhookSecret: SECRET });
});
afterAll(async () => {
  await money.test.stop();
  await receiver.close();
});

describe('a refund of a card', () => {
  it('succeeds at once, moves the charge, and its bank reference comes later: four events in this order', async () => {
    const { stripe } = money;
    const paid = await payCharge(stripe, 'pm_card_visa', { description: 'Pack' });
    const refund = await stripe.refunds.create({
      payment_intent: paid.intent,
      reason: 'requested_by_customer',
      metadata: { credence_id: 'rfd_1' },
    });
    expect(refund).toMatchObject({
      amount: 5000,
      charge: paid.charge,
      payment_intent: paid.intent,
      status: 'succeeded',
      reason: 'requested_by_customer',
      metadata: { credence_id: 'rfd_1' },
      destination_details: { card: { type: 'refund', reference_status: 'pending' }, type: 'card' },
    });
    expect(refund.id.slice(0, 19)).toBe(`re_${paid.intent.slice(3, 19)}`);
    expect(refund).not.toHaveProperty('pending_reason');
    await money.passAnHour();
    const arrived = (): string[] =>
      receiver
        .events()
        .filter((event) => JSON.stringify(event.data.object).includes(paid.charge))
        .map(({ type }) => type);
    await until(() => arrived().includes('charge.refund.updated'));
    expect(arrived().slice(-4)).toEqual([
      'refund.created',
      'charge.refunded',
      'refund.updated',
      'charge.refund.updated',
    ]);
    const referenced = await stripe.refunds.retrieve(refund.id);
    expect(referenced.destination_details?.card).toMatchObject({ reference_status: 'available' });
    expect(referenced.destination_details?.card?.reference).toMatch(/^\d{16}$/);
    const charge = await stripe.charges.retrieve(paid.charge);
    expect(charge).toMatchObject({ amount_refunded: 5000, refunded: true, status: 'succeeded' });
    expect(await stripe.paymentIntents.retrieve(paid.intent)).toMatchObject({ status: 'succeeded' });
    const transactions = await ledgerOf(stripe, paid);
    expect(
      transactions.map(({ amount, fee, type, description }) => [type, amount, fee, description]),
    ).toEqual([
      ['charge', 5000, 175, 'Pack'],
      ['refund', -5000, 0, 'REFUND FOR CHARGE (Pack)'],
    ]);
  });

  it('counts parts exactly, says the old total each time, and the last part takes what is left', async () => {
    const { stripe } = money;
    const paid = await payCharge(stripe, 'pm_card_visa');
    for (const amount of [1, 1999, 2500]) await stripe.refunds.create({ charge: paid.charge, amount });
    expect(await stripe.charges.retrieve(paid.charge)).toMatchObject({
      amount_refunded: 4500,
      refunded: false,
    });
    const last = await stripe.refunds.create({ payment_intent: paid.intent });
    expect(last.amount).toBe(500);
    const refunded = (await lifeOf(stripe, paid)).filter((event) => event.type === 'charge.refunded');
    expect(
      refunded.map((event) => [event.data.object.amount_refunded, event.data.previous_attributes]),
    ).toEqual([
      [1, { amount_refunded: 0 }],
      [2000, { amount_refunded: 1 }],
      [4500, { amount_refunded: 2000 }],
      [5000, { amount_refunded: 4500, refunded: false }],
    ]);
    expect(await afterlifeOf(stripe, paid)).toEqual(
      Array(4).fill(['refund.created', 'charge.refunded']).flat(),
    );
    expect(sumOf(await ledgerOf(stripe, paid))).toBe(0);
    const expanded = await stripe.charges.retrieve(paid.charge, { expand: ['refunds'] });
    expect(expanded.refunds).toMatchObject({ has_more: false, url: `/v1/charges/${paid.charge}/refunds` });
    expect(expanded.refunds?.data.map(({ amount }) => amount)).toEqual([500, 2500, 1999, 1]);
  });

  it('that is pending holds the money, succeeds later, and keeps its balance transaction', async () => {
    const { stripe } = money;
    const paid = await payCharge(stripe, 'pm_card_pendingRefund');
    const refund = await stripe.refunds.create({ charge: paid.charge, amount: 2000 });
    expect(refund).toMatchObject({ status: 'pending', pending_reason: 'processing' });
    expect((await refusalOf(stripe.refunds.create({ charge: paid.charge, amount: 3001 }))).param).toBe(
      'amount',
    );
    await money.passAnHour();
    const done = await until(async () => {
      const now = await stripe.refunds.retrieve(refund.id);
      return now.status === 'succeeded' && now;
    });
    expect(done).not.toHaveProperty('pending_reason');
    expect(done.balance_transaction).toBe(refund.balance_transaction);
    expect(await afterlifeOf(stripe, paid)).toEqual([
      'refund.created',
      'charge.refunded',
      'refund.updated',
      'charge.refund.updated',
    ]);
    const updated = (await lifeOf(stripe, paid)).find((event) => event.type === 'refund.updated');
    expect(updated?.data.previous_attributes).toMatchObject({
      status: 'pending',
      pending_reason: 'processing',
    });
    expect(sumOf(await ledgerOf(stripe, paid))).toBe(3000);
  });

  it.each([true, false])(
    'fails after it succeeded: the charge falls back and the money returns (refund.updated beside it: %s)',
    async (refundUpdatedBesideFailed) => {
      const { stripe } = money;
      await change(money.test, { refundUpdatedBesideFailed });
      const paid = await payCharge(stripe, 'pm_card_refundFail');
      const refund = await stripe.refunds.create({ payment_intent: paid.intent });
      expect(refund.status).toBe('succeeded');
      expect(await stripe.charges.retrieve(paid.charge)).toMatchObject({ refunded: true });
      await money.passAnHour();
      const failed = await until(async () => {
        const now = await stripe.refunds.retrieve(refund.id, { expand: ['failure_balance_transaction'] });
        return now.status === 'failed' && now;
      });
      expect(failed).toMatchObject({
        failure_reason: 'expired_or_canceled_card',
        failure_balance_transaction: { type: 'refund_failure', amount: 5000, source: refund.id },
      });
      expect(await stripe.charges.retrieve(paid.charge)).toMatchObject({
        amount_refunded: 0,
        refunded: false,
      });
      expect(await afterlifeOf(stripe, paid)).toEqual([
        'refund.created',
        'charge.refunded',
        'refund.failed',
        ...(refundUpdatedBesideFailed ? ['refund.updated'] : []),
        'charge.refund.updated',
      ]);
      expect(sumOf(await ledgerOf(stripe, paid))).toBe(5000);
      const again = await stripe.refunds.create({ payment_intent: paid.intent });
      expect(again.amount).toBe(5000);
    },
  );

  it('can be canceled while it is pending, and only then', async () => {
    const { stripe } = money;
    const paid = await payCharge(stripe, 'pm_card_pendingRefund');
    const refund = await stripe.refunds.create({ charge: paid.charge });
    const canceled = await stripe.refunds.cancel(refund.id);
    expect(canceled).toMatchObject({ status: 'canceled' });
    expect(sumOf(await ledgerOf(stripe, paid))).toBe(5000);
    expect(await stripe.charges.retrieve(paid.charge)).toMatchObject({ amount_refunded: 0, refunded: false });
    expect(await afterlifeOf(stripe, paid)).toEqual([
      'refund.created',
      'charge.refunded',
      'refund.updated',
      'charge.refund.updated',
    ]);
    const refusal = await refusalOf(stripe.refunds.cancel(refund.id));
    expect(refusal).toMatchObject({ statusCode: 400, message: 'Canceling this refund is unsupported.' });
    await money.passAnHour();
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'canceled' });
  });

  it('takes new metadata, and both update events say only what changed', async () => {
    const { stripe } = money;
    const paid = await payCharge(stripe, 'pm_card_visa');
    const refund = await stripe.refunds.create({ charge: paid.charge, metadata: { kept: '1' } });
    const expanded = await stripe.refunds.retrieve(refund.id, { expand: ['failure_balance_transaction'] });
    expect(expanded).not.toHaveProperty('failure_balance_transaction');
    const updated = await stripe.refunds.update(refund.id, { metadata: { order_id: '6735' } });
    expect(updated.metadata).toEqual({ kept: '1', order_id: '6735' });
    const events = (await lifeOf(stripe, paid)).slice(-2);
    expect(events.map(({ type, data }) => [type, data.previous_attributes])).toEqual([
      ['refund.updated', { metadata: { order_id: null } }],
      ['charge.refund.updated', { metadata: { order_id: null } }],
    ]);
  });

  it('for fraud marks the charge', async () => {
    const paid = await payCharge(money.stripe, 'pm_card_visa');
    await money.stripe.refunds.create({ charge: paid.charge, reason: 'fraudulent' });
    const charge = await money.stripe.charges.retrieve(paid.charge);
    expect(charge.fraud_details).toEqual({ user_report: 'fraudulent' });
  });
});

describe('the list of refunds', () => {
  it('is filtered by payment and by charge, and names what is not there', async () => {
    const { stripe } = money;
    const [one, other] = [await payCharge(stripe, 'pm_card_visa'), await payCharge(stripe, 'pm_card_visa')];
    const first = await stripe.refunds.create({ charge: one.charge, amount: 100 });
    const second = await stripe.refunds.create({ charge: one.charge, amount: 200 });
    await stripe.refunds.create({ charge: other.charge });
    const byIntent = await stripe.refunds.list({ payment_intent: one.intent });
    expect(byIntent.data.map(({ id }) => id)).toEqual([second.id, first.id]);
    const page = await stripe.refunds.list({ charge: one.charge, limit: 1 });
    expect(page).toMatchObject({ has_more: true, data: [{ id: second.id }] });
    const inside = await stripe.rawRequest('GET', `/v1/charges/${one.charge}/refunds`);
    expect(inside).toMatchObject({ url: `/v1/charges/${one.charge}/refunds`, data: [{ id: second.id }, {}] });
    const expanded = await stripe.refunds.retrieve(first.id, { expand: ['charge', 'balance_transaction'] });
    expect(expanded).toMatchObject({ charge: { id: one.charge }, balance_transaction: { amount: -100 } });
    expect(await refusalOf(stripe.refunds.list({ charge: 'ch_no' }))).toMatchObject({
      code: 'resource_missing',
      message: "No such charge: 'ch_no'",
    });
  });
});

describe('a charge', () => {
  it('takes notes and a report of fraud, says what changed, and is found by them', async () => {
    const { stripe } = money;
    const paid = await payCharge(stripe, 'pm_card_visa', { metadata: { kept: '1' } });
    const noted = {
      description: 'Pack',
      metadata: { order: 'o_77' },
      fraud_details: { user_report: 'safe' },
    };
    const charge = await stripe.charges.update(paid.charge, noted);
    expect(charge).toMatchObject({ ...noted, metadata: { kept: '1', order: 'o_77' } });
    await stripe.charges.update(paid.charge, { description: 'Pack' });
    const updates = (await lifeOf(stripe, paid)).filter(({ type }) => type === 'charge.updated');
    expect(updates.slice(1).map(({ data }) => data.previous_attributes)).toEqual([
      { description: null, fraud_details: { user_report: null }, metadata: { order: null } },
    ]);
    const found = await stripe.charges.search({ query: "metadata['order']:'o_77' AND refunded:'false'" });
    expect(found.data.map(({ id }) => id)).toEqual([paid.charge]);
    expect(await refusalOf(stripe.charges.update(paid.charge, { customer: 'cus_1' }))).toMatchObject({
      param: 'customer',
    });
  });
});

describe('what a bank owes an answer to', () => {
  it('is answered after a restart too', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sandbox-'));
    const first = await startMoneyTest({ data: folder });
    const paid = await payCharge(first.stripe, 'pm_card_pendingRefund');
    const refund = await first.stripe.refunds.create({ charge: paid.charge, amount: 100 });
    const disputed = await payCharge(first.stripe, 'pm_card_createDispute');
    const [dispute] = (await first.stripe.disputes.list()).data;
    const id = dispute?.id ?? '';
    await first.stripe.disputes.update(id, { evidence: { uncategorized_text: 'winning_evidence' } });
    const before = await ledgerOf(first.stripe, disputed);
    await first.test.stop();
    const second = await startMoneyTest({ data: folder });
    expect(await ledgerOf(second.stripe, disputed)).toEqual(before);
    await second.passAnHour();
    await until(async () => (await second.stripe.disputes.retrieve(id)).status === 'won');
    await until(async () => (await second.stripe.refunds.retrieve(refund.id)).status === 'succeeded');
    expect(sumOf(await ledgerOf(second.stripe, disputed))).toBe(5000);
    await second.test.stop();
    rmSync(folder, { recursive: true });
  });
});

describe('a refund is refused', () => {
  it('without a target, with two, for what is not there, and below one', async () => {
    const { refunds } = money.stripe;
    expect(await refusalOf(refunds.create({}))).toMatchObject({
      statusCode: 400,
      message: 'One of the following params should be provided for this request: payment_intent or charge.',
    });
    expect(await refusalOf(refunds.create({ charge: 'ch_no' }))).toMatchObject({
      code: 'resource_missing',
      message: "No such charge: 'ch_no'",
    });
    expect(await refusalOf(refunds.create({ payment_intent: 'pi_no' }))).toMatchObject({
      code: 'resource_missing',
      param: 'payment_intent',
    });
    expect(await refusalOf(refunds.create({ charge: 'ch_no', amount: 0 }))).toMatchObject({
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
    expect(await refusalOf(refunds.retrieve('re_no'))).toMatchObject({
      statusCode: 404,
      message: "No such refund: 're_no'",
    });
  });

  it('when the charge is refunded already', async () => {
    const { stripe } = money;
    const paid = await payCharge(stripe, 'pm_card_visa');
    await stripe.refunds.create({ charge: paid.charge });
    expect(await refusalOf(stripe.refunds.create({ charge: paid.charge, amount: 1 }))).toMatchObject({
      code: 'charge_already_refunded',
      message: `Charge ${paid.charge} has already been refunded.`,
    });
  });

  it('when it is more than what is left, with the code that the sandbox is set to', async () => {
    const { stripe, test } = money;
    const paid = await payCharge(stripe, 'pm_card_visa');
    await stripe.refunds.create({ charge: paid.charge, amount: 4000 });
    const refusal = await refusalOf(stripe.refunds.create({ charge: paid.charge, amount: 2500 }));
    expect(refusal).toMatchObject({
      param: 'amount',
      message: 'Refund amount ($25.00) is greater than unrefunded amount on charge ($10.00)',
    });
    expect(refusal.code).toBeUndefined();
    await change(test, { overRefundCode: 'amount_too_large' });
    const coded = await refusalOf(stripe.refunds.create({ charge: paid.charge, amount: 2500 }));
    expect(coded.code).toBe('amount_too_large');
    await change(test, { overRefundCode: 'none' });
    expect(sumOf(await ledgerOf(stripe, paid))).toBe(1000);
  });

  it('when nothing was paid, or the money is only held', async () => {
    const { stripe } = money;
    const declined = await refusalOf(
      stripe.paymentIntents.create({
        amount: 5000,
        currency: 'usd',
        confirm: true,
        payment_method: 'pm_card_chargeDeclined',
      }),
    );
    const intent = idOf(declined.payment_intent);
    const message = `This PaymentIntent (${intent}) does not have a successful charge to refund.`;
    expect(await refusalOf(stripe.refunds.create({ payment_intent: intent }))).toMatchObject({ message });
    const held = await stripe.paymentIntents.create({
      amount: 5000,
      currency: 'usd',
      confirm: true,
      capture_method: 'manual',
      payment_method: 'pm_card_visa',
    });
    const refusal = await refusalOf(stripe.refunds.create({ payment_intent: held.id }));
    expect(refusal.message).toContain(`This uncaptured Charge was created by a PaymentIntent (${held.id}).`);
  });

  it('when it is of a kind that is not played, and no charge changes', async () => {
    const paid = await payCharge(money.stripe, 'pm_card_visa');
    const create = (more: object) => money.stripe.refunds.create({ charge: paid.charge, ...more });
    expect(await refusalOf(create({ reverse_transfer: true }))).toMatchObject({ param: 'reverse_transfer' });
    expect(await refusalOf(create({ origin: 'customer_balance' }))).toMatchObject({ param: 'origin' });
    expect(await refusalOf(create({ reason: 'expired_uncaptured_charge' }))).toMatchObject({
      param: 'reason',
      message: 'Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer',
    });
    expect(await afterlifeOf(money.stripe, paid)).toEqual([]);
  });
});
