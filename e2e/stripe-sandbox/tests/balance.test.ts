import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  afterlifeOf,
  idOf,
  ledgerOf,
  payCharge,
  startMoneyTest,
  sumOf,
  type MoneyTest,
  type PaidCharge,
} from '../testing/money';
import { refusalOf, until } from '../testing/under-test';

let money: MoneyTest;

beforeAll(async () => {
  money = await startMoneyTest({ settings: { debitSettleMs: 0, disputeDelayMs: 0 } });
});
afterAll(() => money.test.stop());

const funds = (of: Stripe.Balance.Available[], currency: string): number | undefined =>
  of.find((entry) => entry.currency === currency)?.amount;

/** Pays by debit and waits for the bank's yes. */
async function payByDebit(type: 'sepa_debit' | 'us_bank_account', account: string): Promise<PaidCharge> {
  const method = await money.stripe.paymentMethods.create({
    type,
    billing_details: { email: 'jenny@example.com', name: 'Jenny Rosen' },
    ...(type === 'sepa_debit'
      ? { sepa_debit: { iban: account } }
      : {
          us_bank_account: {
            account_holder_type: 'individual',
            account_number: account,
            routing_number: '110000000',
          },
        }),
  });
  return payCharge(money.stripe, method.id, {
    currency: type === 'sepa_debit' ? 'eur' : 'usd',
    allowed_payment_method_types: [type],
    mandate_data: { customer_acceptance: { type: 'offline' } },
  });
}

describe('the balance', () => {
  it('starts at zero in the currency of the account', async () => {
    expect(await money.stripe.balance.retrieve()).toMatchObject({
      object: 'balance',
      livemode: false,
      available: [{ amount: 0, currency: 'usd', source_types: { card: 0 } }],
      pending: [{ amount: 0, currency: 'usd', source_types: { card: 0 } }],
    });
  });

  it('is the sum of its transactions in every currency, and funds move from pending to available', async () => {
    const { stripe } = money;
    await payCharge(stripe, 'pm_card_visa', { currency: 'jpy', amount: 5000 });
    await payCharge(stripe, 'pm_card_bypassPending', { currency: 'gbp', amount: 5000 });
    const paid = await payCharge(stripe, 'pm_card_visa', { currency: 'eur', amount: 5000 });
    await stripe.refunds.create({ charge: paid.charge, amount: 1000 });
    const disputed = await payCharge(stripe, 'pm_card_createDispute', { currency: 'eur', amount: 3000 });
    const before = await stripe.balance.retrieve();
    expect(['jpy', 'gbp', 'eur'].map((code) => funds(before.pending, code))).toEqual([
      5000 - 145,
      undefined,
      5000 - 170 - 1000 + (3000 - 112) + (-3000 - 2000),
    ]);
    expect(funds(before.available, 'gbp')).toBe(5000 - 165);
    await money.pass(3 * 86_400_000);
    const after = await until(async () => {
      const balance = await stripe.balance.retrieve();
      return funds(balance.available, 'eur') !== undefined && balance;
    });
    expect(funds(after.pending, 'eur')).toBeUndefined();
    expect(funds(after.available, 'eur')).toBe(funds(before.pending, 'eur'));
    const [dispute] = (await stripe.disputes.list({ charge: disputed.charge })).data;
    expect(dispute?.balance_transactions).toMatchObject([{ status: 'available', fee: 2000 }]);
    const all = await stripe.balanceTransactions.list({ limit: 100, currency: 'eur' });
    expect(all.data.every(({ amount, fee, net }) => net === amount - fee)).toBe(true);
    expect(all.data.reduce((sum, { net }) => sum + net, 0)).toBe(funds(after.available, 'eur'));
  });
});

describe('balance transactions', () => {
  it('are listed by type, source, currency and time, and lead to what made them', async () => {
    const { stripe } = money;
    const paid = await payCharge(stripe, 'pm_card_visa', { currency: 'cad' });
    const refund = await stripe.refunds.create({ charge: paid.charge, amount: 700 });
    const disputed = await payCharge(stripe, 'pm_card_createDispute', { currency: 'cad' });
    const list = async (params: Stripe.BalanceTransactionListParams): Promise<string[]> =>
      (await stripe.balanceTransactions.list({ currency: 'cad', ...params })).data.map(({ source }) =>
        idOf(source),
      );
    const [dispute] = (await stripe.disputes.list({ charge: disputed.charge })).data;
    expect(await list({})).toEqual([disputed.charge, dispute?.id, refund.id, paid.charge]);
    expect(await list({ type: 'refund' })).toEqual([refund.id]);
    expect(await list({ source: paid.charge })).toEqual([paid.charge]);
    expect(await list({ source: dispute?.id ?? '' })).toEqual([]);
    expect(await list({ created: { lt: 1 } })).toEqual([]);
    const { data } = await stripe.balanceTransactions.list({ currency: 'cad', expand: ['data.source'] });
    expect(data.map(({ source }) => source)).toMatchObject([
      { object: 'charge' },
      { object: 'dispute', charge: disputed.charge },
      { object: 'refund', amount: 700 },
      { object: 'charge', amount: 5000 },
    ]);
    expect(await refusalOf(stripe.balanceTransactions.retrieve('txn_no'))).toMatchObject({
      message: "No such balance transaction: 'txn_no'",
    });
  });
});

describe('a bank debit', () => {
  it('is a payment, not a charge, and its refund waits for the bank', async () => {
    const { stripe } = money;
    const paid = await payByDebit('sepa_debit', 'AT611904300234573201');
    expect(paid.charge).toMatch(/^py_3/);
    const refund = await stripe.refunds.create({ payment_intent: paid.intent, amount: 2000 });
    expect(refund).toMatchObject({ status: 'pending', pending_reason: 'processing', charge: paid.charge });
    expect(refund.id).toMatch(/^pyr_3/);
    const transactions = await ledgerOf(stripe, paid);
    expect(transactions.map(({ type, amount, fee }) => [type, amount, fee])).toEqual([
      ['payment', 5000, 35],
      ['payment_refund', -2000, 0],
    ]);
    const { pending } = await stripe.balance.retrieve();
    const euros = pending.find(({ currency }) => currency === 'eur');
    expect(euros?.source_types).toEqual({ bank_account: 5000 - 35 - 2000, card: 0 });
    await money.passAnHour();
    await until(async () => (await stripe.refunds.retrieve(refund.id)).status === 'succeeded');
  });

  it('is taken back by the test account that disputes: lost as it comes, without a network', async () => {
    const { stripe } = money;
    const paid = await payByDebit('us_bank_account', '000555555559');
    const dispute = await until(
      async () => (await stripe.disputes.list({ payment_intent: paid.intent })).data[0],
    );
    expect(dispute).toMatchObject({ status: 'lost', reason: 'debit_not_authorized', amount: 5000 });
    expect(dispute).not.toHaveProperty('payment_method_details');
    expect((await afterlifeOf(stripe, paid)).filter((type) => type.startsWith('charge.dispute'))).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.closed',
    ]);
    expect(sumOf(await ledgerOf(stripe, paid))).toBe(0);
  });
});

describe('the controls of money going back', () => {
  async function control(path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${money.test.url}/_control${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      ...(body && { body: JSON.stringify(body) }),
    });
    return response.json();
  }

  it('refund a payment, make the refund succeed or fail, and say why not', async () => {
    const paid = await payCharge(money.stripe, 'pm_card_pendingRefund');
    const refunded = await control(`/payments/${paid.intent}/refund`, { amount: 1200 });
    expect(refunded).toMatchObject({ outcome: 'refunded', status: 'pending' });
    const [row] = money.test.sandbox.moneyBack.refunds({ paymentIntentId: paid.intent }).rows;
    expect(row).toMatchObject({ amount: 1200, status: 'pending', chargeId: paid.charge });
    const id = row?.id ?? '';
    expect(await control(`/refunds/${id}/succeed`, {})).toEqual({ outcome: 'moved', status: 'succeeded' });
    expect(await control(`/refunds/${id}/succeed`, {})).toEqual({
      outcome: 'not_movable',
      status: 'succeeded',
    });
    expect(await control(`/refunds/${id}/fail`, {})).toEqual({ outcome: 'moved', status: 'failed' });
    expect(await control(`/payments/${paid.intent}/refund`, { amount: 5001 })).toEqual({
      outcome: 'too_much',
      amount: 5001,
      left: 5000,
    });
    expect(await control('/payments/pi_no/refund', {})).toEqual({ outcome: 'unknown_payment' });
    expect(await control('/refunds/re_no/fail', {})).toEqual({ outcome: 'unknown_refund' });
    expect(await control('/refunds?limit=1')).toMatchObject({
      rows: [{ id, failureReason: expect.anything() }],
    });
    expect(sumOf(await ledgerOf(money.stripe, paid))).toBe(5000);
  });

  it('open a dispute and play it to any end', async () => {
    const { stripe } = money;
    const play = async (kind: string, answers: string[]): Promise<[Stripe.Dispute, PaidCharge]> => {
      const paid = await payCharge(stripe, 'pm_card_visa');
      const opened = await control(`/payments/${paid.intent}/dispute`, { kind, reason: 'duplicate' });
      expect(opened).toMatchObject({ outcome: 'opened' });
      const [row] = money.test.sandbox.moneyBack.disputes({ paymentIntentId: paid.intent }).rows;
      for (const answer of answers) await control(`/disputes/${row?.id}/answer`, { answer });
      return [await stripe.disputes.retrieve(row?.id ?? ''), paid];
    };
    const ends: Array<[string, string[], string, number]> = [
      ['chargeback', ['win'], 'won', 5000],
      ['chargeback', ['lose'], 'lost', 0],
      ['chargeback', ['accept'], 'lost', 0],
      ['inquiry', ['accept'], 'warning_closed', 5000],
      ['inquiry', ['escalate'], 'needs_response', 0],
      ['inquiry', ['escalate', 'win'], 'won', 5000],
    ];
    for (const [kind, answers, status, left] of ends) {
      const [dispute, paid] = await play(kind, answers);
      expect([kind, answers, dispute.status]).toEqual([kind, answers, status]);
      expect(sumOf(await ledgerOf(stripe, paid))).toBe(left);
    }
    const [won, paid] = await play('chargeback', ['win']);
    expect(await control(`/disputes/${won.id}/answer`, { answer: 'lose' })).toEqual({
      outcome: 'already_closed',
      status: 'won',
    });
    expect(await control(`/payments/${paid.intent}/dispute`, { kind: 'bank_return' })).toEqual({
      outcome: 'wrong_method',
    });
    expect(await control('/disputes/du_no/answer', { answer: 'win' })).toEqual({
      outcome: 'unknown_dispute',
    });
    expect(await control(`/disputes?limit=1`)).toMatchObject({ rows: [{ id: won.id, withdrawn: 0 }] });
  });

  it('escalate nothing once the charge is wholly refunded', async () => {
    const paid = await payCharge(money.stripe, 'pm_card_createDisputeInquiry');
    await money.stripe.refunds.create({ charge: paid.charge });
    const [row] = money.test.sandbox.moneyBack.disputes({ paymentIntentId: paid.intent }).rows;
    expect(await control(`/disputes/${row?.id}/answer`, { answer: 'escalate' })).toEqual({
      outcome: 'answered',
      status: 'warning_closed',
    });
    expect(sumOf(await ledgerOf(money.stripe, paid))).toBe(0);
  });

  it('return a debit that was paid', async () => {
    const paid = await payByDebit('sepa_debit', 'AT611904300234573201');
    const returned = await control(`/payments/${paid.intent}/dispute`, {
      kind: 'bank_return',
      reason: 'insufficient_funds',
    });
    expect(returned).toMatchObject({ outcome: 'opened', status: 'lost' });
    expect(sumOf(await ledgerOf(money.stripe, paid))).toBe(0);
  });
});

it('a charge of an invoice gets the number of its receipt with its transaction, another charge none', async () => {
  const { stripe } = money;
  const { id: customer } = await stripe.customers.create({ email: 'jenny@example.com' });
  const { id: method } = await stripe.paymentMethods.attach('pm_card_visa', { customer });
  await stripe.invoiceItems.create({ customer, amount: 2000, currency: 'usd' });
  const { id } = await stripe.invoices.create({ customer, pending_invoice_items_behavior: 'include' });
  await stripe.invoices.pay(id ?? '', { payment_method: method });
  await payCharge(stripe, 'pm_card_visa', { customer });
  const settled = await until(async () => {
    const { data } = await stripe.charges.list({ customer });
    return data.every(({ balance_transaction: transaction }) => transaction !== null) && data;
  });
  expect(settled.map(({ receipt_number: number }) => number)).toEqual([
    null,
    expect.stringMatching(/^\d{4}-\d{4}$/),
  ]);
});
