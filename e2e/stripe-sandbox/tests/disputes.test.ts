import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  afterlifeOf,
  change,
  ledgerOf,
  lifeOf,
  payCharge,
  startMoneyTest,
  sumOf,
  type MoneyTest,
  type PaidCharge,
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

async function disputeOf(paid: PaidCharge): Promise<Stripe.Dispute> {
  const [dispute] = (await money.stripe.disputes.list({ payment_intent: paid.intent })).data;
  if (!dispute) throw new Error('The payment is disputed.');
  return dispute;
}

async function awaitStatus(id: string, status: Stripe.Dispute.Status): Promise<Stripe.Dispute> {
  return until(async () => {
    const dispute = await money.stripe.disputes.retrieve(id);
    return dispute.status === status && dispute;
  });
}

const submit = (id: string, text: string): Promise<Stripe.Dispute> =>
  money.stripe.disputes.update(id, { evidence: { uncategorized_text: text }, submit: true });

/** Each dispute event with the status that it tells. */
async function toldOf(paid: PaidCharge): Promise<Array<[string, string]>> {
  return (await lifeOf(money.stripe, paid)).flatMap((event) =>
    event.data.object.object === 'dispute' ? [[event.type, event.data.object.status]] : [],
  );
}

describe('a chargeback', () => {
  it('is there when the confirm answers, has taken the money and its fee, and comes after the payment', async () => {
    const { stripe } = money;
    const intent = await stripe.paymentIntents.create({
      amount: 4200,
      currency: 'usd',
      confirm: true,
      payment_method: 'pm_card_createDispute',
      expand: ['latest_charge'],
    });
    const { data } = await stripe.disputes.list({ payment_intent: intent.id });
    expect(data).toMatchObject([
      {
        amount: 4200,
        currency: 'usd',
        is_charge_refundable: false,
        network_reason_code: '10.4',
        payment_intent: intent.id,
        payment_method_details: {
          card: { brand: 'visa', case_type: 'chargeback', network: 'visa', network_reason_code: '10.4' },
          type: 'card',
        },
        reason: 'fraudulent',
        status: 'needs_response',
        balance_transactions: [
          {
            amount: -4200,
            fee: 1500,
            net: -5700,
            type: 'adjustment',
            reporting_category: 'dispute',
            fee_details: [{ amount: 1500, description: 'Dispute fee', type: 'stripe_fee' }],
          },
        ],
      },
    ]);
    expect(data[0]?.id).toMatch(/^du_1\w{23}$/);
    expect(intent.latest_charge).toMatchObject({ disputed: true, refunded: false });
    const arrived = (): string[] =>
      receiver
        .events()
        .filter((event) => JSON.stringify(event.data.object).includes(intent.id))
        .map(({ type }) => type);
    await until(() => arrived().includes('charge.dispute.funds_withdrawn'));
    await until(() => arrived().includes('charge.updated'));
    expect(arrived().filter((type) => type !== 'charge.updated')).toEqual([
      'charge.succeeded',
      'payment_intent.succeeded',
      'payment_intent.created',
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
    ]);
  });

  it('is won with winning evidence: under review first, then closed and the money, not the fee, is back', async () => {
    const { stripe } = money;
    const paid = await payCharge(stripe, 'pm_card_createDispute');
    const { id } = await disputeOf(paid);
    const refusal = await refusalOf(stripe.refunds.create({ charge: paid.charge }));
    expect(refusal).toMatchObject({
      statusCode: 400,
      code: 'charge_disputed',
      message: `Charge ${paid.charge} has been charged back; cannot issue a refund.`,
    });
    expect(sumOf(await ledgerOf(stripe, paid))).toBe(0);
    expect(await submit(id, 'winning_evidence')).toMatchObject({
      status: 'under_review',
      evidence_details: { has_evidence: true, submission_count: 1, submission_method: 'manual' },
    });
    await money.passAnHour();
    const won = await awaitStatus(id, 'won');
    expect(won.is_charge_refundable).toBe(true);
    expect(won.balance_transactions).toMatchObject([
      { amount: -5000, fee: 1500 },
      { amount: 5000, fee: 0, net: 5000, type: 'adjustment', reporting_category: 'dispute_reversal' },
    ]);
    expect(await toldOf(paid)).toEqual([
      ['charge.dispute.created', 'needs_response'],
      ['charge.dispute.funds_withdrawn', 'needs_response'],
      ['charge.dispute.updated', 'under_review'],
      ['charge.dispute.closed', 'won'],
      ['charge.dispute.funds_reinstated', 'won'],
    ]);
    expect(sumOf(await ledgerOf(stripe, paid))).toBe(5000);
    await stripe.refunds.create({ charge: paid.charge });
    expect(sumOf(await ledgerOf(stripe, paid))).toBe(0);
  });

  it('is lost with losing evidence, and then takes no more answers', async () => {
    const { stripe } = money;
    const paid = await payCharge(stripe, 'pm_card_createDisputeProductNotReceived');
    const dispute = await disputeOf(paid);
    expect(dispute).toMatchObject({ reason: 'product_not_received', network_reason_code: '13.1' });
    await submit(dispute.id, 'losing_evidence');
    await money.passAnHour();
    const lost = await awaitStatus(dispute.id, 'lost');
    expect(lost.balance_transactions).toHaveLength(1);
    expect((await toldOf(paid)).slice(2)).toEqual([
      ['charge.dispute.updated', 'under_review'],
      ['charge.dispute.closed', 'lost'],
    ]);
    const calls = [stripe.disputes.close(lost.id), stripe.disputes.update(lost.id, { metadata: { a: 'b' } })];
    for (const call of calls) expect((await refusalOf(call)).message).toBe('This dispute is already closed');
    expect(await refusalOf(stripe.refunds.create({ charge: paid.charge }))).toMatchObject({
      code: 'charge_disputed',
    });
  });

  it('that is accepted is lost at once', async () => {
    const paid = await payCharge(money.stripe, 'pm_card_createDispute');
    const { id } = await disputeOf(paid);
    expect(await money.stripe.disputes.close(id)).toMatchObject({ status: 'lost' });
    expect(await afterlifeOf(money.stripe, paid)).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.closed',
    ]);
  });

  it('that is a chargeback cannot be escalated, and counts how often it was answered', async () => {
    const { id } = await disputeOf(await payCharge(money.stripe, 'pm_card_createDispute'));
    await submit(id, 'escalate_inquiry_evidence');
    await money.passAnHour();
    expect(await submit(id, 'escalate_inquiry_evidence')).toMatchObject({
      status: 'under_review',
      evidence_details: { submission_count: 2 },
      balance_transactions: [{ reporting_category: 'dispute' }],
    });
  });

  it('keeps staged evidence until it is submitted, and metadata alone submits nothing', async () => {
    const { stripe } = money;
    const paid = await payCharge(stripe, 'pm_card_createDispute');
    const { id } = await disputeOf(paid);
    const evidence = { customer_name: 'Jenny', uncategorized_text: 'winning_evidence' };
    const staged = await stripe.disputes.update(id, { evidence, submit: false });
    expect(staged).toMatchObject({
      status: 'needs_response',
      evidence,
      evidence_details: { has_evidence: true, submission_count: 0, submission_method: 'not_submitted' },
    });
    const cleared = await stripe.disputes.update(id, { evidence: { customer_name: '' }, submit: false });
    expect(cleared.evidence).toMatchObject({ customer_name: null, uncategorized_text: 'winning_evidence' });
    const noted = await stripe.disputes.update(id, { metadata: { foo: 'bar' } });
    expect(noted).toMatchObject({ status: 'needs_response', metadata: { foo: 'bar' } });
    const last = (await lifeOf(stripe, paid)).at(-1);
    expect([last?.type, last?.data.previous_attributes]).toEqual([
      'charge.dispute.updated',
      { metadata: { foo: null } },
    ]);
    await money.passAnHour();
    expect(await stripe.disputes.update(id, { submit: true })).toMatchObject({ status: 'under_review' });
    await money.passAnHour();
    await awaitStatus(id, 'won');
  });

  it('with other evidence stays under review until somebody decides', async () => {
    const paid = await payCharge(money.stripe, 'pm_card_createDispute');
    const { id } = await disputeOf(paid);
    await submit(id, 'The customer downloaded it twice.');
    await money.passAnHour();
    expect(await money.stripe.disputes.retrieve(id)).toMatchObject({ status: 'under_review' });
    const decided = money.test.sandbox.moneyBack.answerDispute(id, 'win');
    expect(decided).toEqual({ outcome: 'answered', status: 'won' });
  });

  it('may come more than once: together they take what was paid', async () => {
    const paid = await payCharge(money.stripe, 'pm_card_createMultipleDisputes', { amount: 5001 });
    const { data } = await money.stripe.disputes.list({ charge: paid.charge });
    expect(data.map(({ status }) => status)).toEqual(['needs_response', 'needs_response']);
    expect(sumOf(await ledgerOf(money.stripe, paid))).toBe(0);
    const [second, first] = data;
    await money.stripe.disputes.update(first?.id ?? '', {
      evidence: { uncategorized_text: 'winning_evidence' },
    });
    await money.passAnHour();
    await awaitStatus(first?.id ?? '', 'won');
    expect(sumOf(await ledgerOf(money.stripe, paid))).toBe(2500);
    expect(await refusalOf(money.stripe.refunds.create({ charge: paid.charge }))).toMatchObject({
      code: 'charge_disputed',
    });
    expect(await money.stripe.disputes.retrieve(second?.id ?? '')).toMatchObject({
      status: 'needs_response',
    });
  });
});

describe('an inquiry', () => {
  const inquire = () => payCharge(money.stripe, 'pm_card_createDisputeInquiry');

  it('moves no money and lets refunds through; closing it is a good end', async () => {
    const paid = await inquire();
    const inquiry = await disputeOf(paid);
    expect(inquiry).toMatchObject({
      status: 'warning_needs_response',
      is_charge_refundable: true,
      balance_transactions: [],
      network_reason_code: '10',
      payment_method_details: { card: { case_type: 'inquiry' } },
    });
    await money.stripe.refunds.create({ charge: paid.charge, amount: 1000 });
    expect(await money.stripe.disputes.close(inquiry.id)).toMatchObject({
      status: 'warning_closed',
      balance_transactions: [],
    });
    expect(await afterlifeOf(money.stripe, paid)).toEqual([
      'charge.dispute.created',
      'refund.created',
      'charge.refunded',
      'charge.dispute.closed',
    ]);
    expect(sumOf(await ledgerOf(money.stripe, paid))).toBe(4000);
  });

  it('ends well with losing evidence too', async () => {
    const paid = await inquire();
    const { id } = await disputeOf(paid);
    expect(await submit(id, 'losing_evidence')).toMatchObject({ status: 'warning_under_review' });
    await money.passAnHour();
    expect(await awaitStatus(id, 'warning_closed')).toMatchObject({ is_charge_refundable: true });
  });

  it('that is escalated becomes a chargeback, takes the money, and stops refunds that have not left', async () => {
    const { stripe } = money;
    const paid = await inquire();
    const gone = await stripe.refunds.create({ charge: paid.charge, amount: 700 });
    await money.passAnHour();
    await until(
      async () =>
        (await stripe.refunds.retrieve(gone.id)).destination_details?.card?.reference_status === 'available',
    );
    const { id, evidence_details: inquired } = await disputeOf(paid);
    await money.pass(24 * 3_600_000);
    await submit(id, 'escalate_inquiry_evidence');
    await change(money.test, { refundReferenceMs: 36_000_000 });
    const late = await stripe.refunds.create({ charge: paid.charge, amount: 300 });
    expect(late.status).toBe('succeeded');
    await money.passAnHour();
    const escalated = await awaitStatus(id, 'needs_response');
    expect(escalated.evidence_details.due_by).toBeGreaterThan(inquired.due_by ?? Infinity);
    expect(escalated).toMatchObject({
      is_charge_refundable: false,
      network_reason_code: '10.4',
      payment_method_details: { card: { case_type: 'chargeback' } },
      balance_transactions: [{ amount: -5000, fee: 1500 }],
    });
    expect(await stripe.refunds.retrieve(late.id)).toMatchObject({
      status: 'failed',
      failure_reason: 'charge_for_pending_refund_disputed',
    });
    expect(await stripe.refunds.retrieve(gone.id)).toMatchObject({ status: 'succeeded' });
    expect((await afterlifeOf(stripe, paid)).slice(-6)).toEqual([
      'charge.refunded',
      'charge.dispute.updated',
      'charge.dispute.funds_withdrawn',
      'refund.failed',
      'refund.updated',
      'charge.refund.updated',
    ]);
    expect(await stripe.charges.retrieve(paid.charge)).toMatchObject({ amount_refunded: 700 });
    expect(sumOf(await ledgerOf(stripe, paid))).toBe(-700);
    expect(await refusalOf(stripe.refunds.create({ charge: paid.charge }))).toMatchObject({
      code: 'charge_disputed',
    });
  });
});

describe('a dispute', () => {
  it('that nobody answers in time is lost, and says that it is past due', async () => {
    const paid = await payCharge(money.stripe, 'pm_card_createDispute');
    const { id } = await disputeOf(paid);
    await money.pass(9 * 86_400_000);
    expect(await awaitStatus(id, 'lost')).toMatchObject({ evidence_details: { past_due: true } });
  });

  it('fails a pending refund of its charge', async () => {
    const { stripe } = money;
    const paid = await payCharge(stripe, 'pm_card_pendingRefund');
    const refund = await stripe.refunds.create({ charge: paid.charge, amount: 1500 });
    money.test.sandbox.moneyBack.openDispute(paid.intent, 'chargeback', 'unrecognized');
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({
      status: 'failed',
      failure_reason: 'charge_for_pending_refund_disputed',
    });
    expect(sumOf(await ledgerOf(stripe, paid))).toBe(0);
  });

  it('has the prefix and the charge.updated that the sandbox is set to', async () => {
    await change(money.test, { disputePrefix: 'dp', chargeUpdatedOnDispute: true });
    const paid = await payCharge(money.stripe, 'pm_card_createDispute');
    await change(money.test, { disputePrefix: 'du', chargeUpdatedOnDispute: false });
    expect((await disputeOf(paid)).id).toMatch(/^dp_1/);
    const updates = (await lifeOf(money.stripe, paid)).filter(({ type }) => type === 'charge.updated');
    expect(updates[0]?.data.previous_attributes).toEqual({ disputed: false });
  });

  it('refuses files and network claims as evidence, unknown fields, and unknown disputes', async () => {
    const paid = await payCharge(money.stripe, 'pm_card_createDispute');
    const { id } = await disputeOf(paid);
    const update = (evidence: object) => refusalOf(money.stripe.disputes.update(id, { evidence }));
    expect(await update({ receipt: 'file_1' })).toMatchObject({ param: 'evidence[receipt]' });
    expect(
      await update({ enhanced_evidence: { visa_compliance: { fee_acknowledged: true } } }),
    ).toMatchObject({
      param: 'evidence[enhanced_evidence]',
    });
    expect(await update({ bribe: 'yes' })).toMatchObject({
      code: 'parameter_unknown',
      message: 'Received unknown parameter: evidence[bribe]',
    });
    expect(await refusalOf(money.stripe.disputes.retrieve('du_no'))).toMatchObject({
      statusCode: 404,
      message: "No such dispute: 'du_no'",
    });
    expect(await disputeOf(paid)).toMatchObject({ status: 'needs_response' });
  });
});

describe('an early fraud warning', () => {
  it('comes after the payment, moves nothing, and has nothing left to do once the charge is refunded', async () => {
    const { stripe, test } = money;
    const session = await stripe.checkout.sessions.create({
      mode: 'payment',
      success_url: 'http://shop.test/ok',
      line_items: [
        { quantity: 1, price_data: { currency: 'usd', unit_amount: 5000, product_data: { name: 'Pack' } } },
      ],
    });
    const response = await fetch(`${test.url}/_control/sessions/${session.id}/pay`, {
      method: 'POST',
      body: JSON.stringify({ cardNumber: '4000000000005423' }),
    });
    expect(await response.json()).toMatchObject({ outcome: 'paid' });
    const [warning] = (await stripe.radar.earlyFraudWarnings.list()).data;
    if (!warning) throw new Error('A warning was expected.');
    expect(warning).toMatchObject({ actionable: true, object: 'radar.early_fraud_warning' });
    await stripe.refunds.create({ charge: String(warning.charge) });
    const answered = await stripe.radar.earlyFraudWarnings.retrieve(warning.id, { expand: ['charge'] });
    expect(answered).toMatchObject({ actionable: false, charge: { disputed: false, refunded: true } });
    const types = (
      await stripe.events.list({
        types: ['radar.early_fraud_warning.created', 'radar.early_fraud_warning.updated'],
      })
    ).data;
    expect(types.map(({ type }) => type)).toEqual([
      'radar.early_fraud_warning.updated',
      'radar.early_fraud_warning.created',
    ]);
  });
});
