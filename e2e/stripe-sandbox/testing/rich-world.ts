import type Stripe from 'stripe';
import { PACK, PAYER, refusalOf, until, type UnderTest } from './under-test';

/** Delays so short that every late answer comes while a test waits. */
export const HURRIED = {
  settleDelayMs: 20,
  debitSettleMs: 20,
  refundReferenceMs: 20,
  refundDelayMs: 20,
  disputeDelayMs: 20,
};

const DAY = 24 * 60 * 60;
const card = (number: string) => ({ ...PAYER, cardNumber: number });

/** Lives one of everything that the sandbox plays, each to its end. */
export async function liveEverything(test: UnderTest): Promise<void> {
  await sales(test);
  await debits(test);
  await intents(test);
  await refunds(test);
  await disputes(test);
  await invoices(test);
  await subscriptions(test);
  await portal(test);
}

async function sales({ stripe, sandbox }: UnderTest): Promise<void> {
  const invoiced = await stripe.checkout.sessions.create({
    ...PACK,
    customer_creation: 'always',
    invoice_creation: { enabled: true, invoice_data: { metadata: { order: '7' }, footer: 'Thanks' } },
  });
  await sandbox.checkout.pay(invoiced.id, card('4000000000000002'));
  await sandbox.checkout.pay(invoiced.id, PAYER);
  const challenged = await stripe.checkout.sessions.create(PACK);
  await sandbox.checkout.pay(challenged.id, card('4000002760003184'));
  await sandbox.checkout.answerChallenge(challenged.id, 'complete');
  const coupon = await stripe.coupons.create({
    percent_off: 25,
    duration: 'repeating',
    duration_in_months: 3,
  });
  const promotion = await stripe.promotionCodes.create({
    promotion: { type: 'coupon', coupon: coupon.id },
    code: 'QUARTER',
    restrictions: { minimum_amount: 100, minimum_amount_currency: 'usd' },
  });
  const reduced = await stripe.checkout.sessions.create({
    ...PACK,
    automatic_tax: { enabled: true },
    billing_address_collection: 'required',
    discounts: [{ promotion_code: promotion.id }],
    phone_number_collection: { enabled: true },
  });
  await sandbox.checkout.pay(reduced.id, PAYER);
  const gift = await stripe.coupons.create({ percent_off: 100 });
  const free = await stripe.checkout.sessions.create({ ...PACK, discounts: [{ coupon: gift.id }] });
  await sandbox.checkout.pay(free.id, PAYER);
  const expired = await stripe.checkout.sessions.create(PACK);
  await stripe.checkout.sessions.expire(expired.id);
}

async function debits({ stripe }: UnderTest): Promise<void> {
  const line = {
    quantity: 1,
    price_data: { currency: 'eur', unit_amount: 1500, product_data: { name: 'Pack' } },
  };
  for (const iban of ['AT611904300234573201', 'AT861904300235473202']) {
    const method = await stripe.paymentMethods.create({
      type: 'sepa_debit',
      sepa_debit: { iban },
      billing_details: { name: 'Jenny Rosen', email: 'jenny@example.com' },
    });
    const session = await stripe.checkout.sessions.create({
      ...PACK,
      line_items: [line],
      payment_intent_data: { setup_future_usage: 'off_session' },
    });
    await stripe.rawRequest('POST', `/v1/payment_pages/${session.id}/confirm`, { payment_method: method.id });
  }
  const bank = await stripe.paymentMethods.create({
    type: 'us_bank_account',
    us_bank_account: {
      account_holder_type: 'individual',
      account_number: '000123456789',
      routing_number: '110000000',
    },
    billing_details: { name: 'Jenny Rosen', email: 'jenny@example.com' },
  });
  await stripe.paymentIntents.create({
    amount: 2000,
    currency: 'usd',
    payment_method: bank.id,
    confirm: true,
    mandate_data: { customer_acceptance: { type: 'offline' } },
  });
}

const PAYMENT = { amount: 2000, currency: 'usd', confirm: true } satisfies Stripe.PaymentIntentCreateParams;
const HERE = 'http://shop.test/back';

async function intents({ stripe }: UnderTest): Promise<void> {
  const customer = await stripe.customers.create({
    name: 'Jenny Rosen',
    email: 'jenny@example.com',
    address: { city: 'San Francisco', country: 'US', line1: '510 Townsend St' },
    shipping: { name: 'Jenny Rosen', address: { line1: '510 Townsend St' } },
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  const setup = await stripe.setupIntents.create({
    customer: customer.id,
    payment_method: 'pm_card_visa',
    confirm: true,
    usage: 'off_session',
    return_url: HERE,
  });
  await stripe.paymentIntents.create({
    ...PAYMENT,
    customer: customer.id,
    payment_method: String(setup.payment_method),
    off_session: true,
  });
  await refusalOf(stripe.setupIntents.create({ payment_method: 'pm_card_chargeDeclined', confirm: true }));
  const held = await stripe.paymentIntents.create({
    ...PAYMENT,
    payment_method: 'pm_card_visa',
    capture_method: 'manual',
    return_url: HERE,
  });
  await stripe.paymentIntents.capture(held.id, { amount_to_capture: 1500 });
  const canceled = await stripe.paymentIntents.create({ amount: 900, currency: 'usd' });
  await stripe.paymentIntents.cancel(canceled.id, { cancellation_reason: 'requested_by_customer' });
  await refusalOf(
    stripe.paymentIntents.create({ ...PAYMENT, payment_method: 'pm_card_chargeDeclinedInsufficientFunds' }),
  );
  await refusalOf(stripe.paymentIntents.create({ ...PAYMENT, payment_method: 'pm_card_radarBlock' }));
  const gone = await stripe.customers.create();
  await stripe.customers.del(gone.id);
}

const pay = (stripe: Stripe, method: string): Promise<Stripe.PaymentIntent> =>
  stripe.paymentIntents.create({ ...PAYMENT, payment_method: method, return_url: HERE });

async function refunds({ stripe }: UnderTest): Promise<void> {
  const paid = await pay(stripe, 'pm_card_visa');
  await stripe.refunds.create({ payment_intent: paid.id, amount: 500, reason: 'requested_by_customer' });
  await stripe.refunds.create({ payment_intent: paid.id });
  for (const method of ['pm_card_pendingRefund', 'pm_card_refundFail']) {
    const { id } = await pay(stripe, method);
    const refund = await stripe.refunds.create({ payment_intent: id });
    await until(async () => (await stripe.refunds.retrieve(refund.id)).status !== refund.status);
  }
}

async function disputes({ stripe }: UnderTest): Promise<void> {
  const disputeOf = async (method: string): Promise<Stripe.Dispute> => {
    const { id } = await pay(stripe, method);
    return until(async () => (await stripe.disputes.list({ payment_intent: id })).data[0]);
  };
  const answers = [
    ['pm_card_createDispute', 'winning_evidence'],
    ['pm_card_createDisputeProductNotReceived', 'losing_evidence'],
    ['pm_card_createDisputeInquiry', 'escalate_inquiry_evidence'],
  ] as const;
  for (const [method, evidence] of answers) {
    const dispute = await disputeOf(method);
    await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: evidence }, submit: true });
  }
  await stripe.disputes.close((await disputeOf('pm_card_createDisputeInquiry')).id);
}

async function invoices({ stripe }: UnderTest): Promise<void> {
  const customer = await stripe.customers.create({
    email: 'jenny@example.com',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  const draft = async (params: Stripe.InvoiceCreateParams = {}): Promise<Stripe.Invoice> => {
    await stripe.invoiceItems.create({
      customer: customer.id,
      amount: 1500,
      currency: 'usd',
      description: 'Work',
    });
    return stripe.invoices.create({
      customer: customer.id,
      pending_invoice_items_behavior: 'include',
      ...params,
    });
  };
  const idOf = ({ id }: Stripe.Invoice): string => id ?? '';
  await stripe.invoices.pay(idOf(await draft()));
  const voided = await draft();
  await stripe.invoices.finalizeInvoice(idOf(voided));
  await stripe.invoices.voidInvoice(idOf(voided));
  const lost = await draft();
  await stripe.invoices.finalizeInvoice(idOf(lost));
  await stripe.invoices.markUncollectible(idOf(lost));
  const sent = await draft({ collection_method: 'send_invoice', days_until_due: 7 });
  await stripe.invoices.sendInvoice(idOf(sent));
  await draft();
  const failing = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id });
  await refusalOf(stripe.invoices.pay(idOf(sent), { payment_method: failing.id }));
}

async function subscriptions({ stripe, sandbox }: UnderTest): Promise<void> {
  const product = await stripe.products.create({ name: 'Plan', description: 'Credits every month' });
  const price = async (amount: number): Promise<Stripe.Price> =>
    stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: amount,
      recurring: { interval: 'month' },
    });
  const [basic, pro] = [await price(1000), await price(3000)];
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    success_url: 'http://shop.test/ok',
    line_items: [{ price: basic.id, quantity: 1 }],
    subscription_data: { metadata: { plan: 'basic' } },
  });
  await sandbox.checkout.pay(session.id, PAYER);

  const frozenTime = Math.floor(Date.now() / 1000);
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: frozenTime, name: 'Year' });
  const customer = await stripe.customers.create({
    email: 'clock@example.com',
    test_clock: clock.id,
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  const coupon = await stripe.coupons.create({ amount_off: 100, currency: 'usd', duration: 'once' });
  const subscribed = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: basic.id }],
    discounts: [{ coupon: coupon.id }],
    trial_period_days: 3,
  });
  const advance = async (days: number): Promise<void> => {
    await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: frozenTime + days * DAY });
    await until(async () => (await stripe.testHelpers.testClocks.retrieve(clock.id)).status === 'ready');
  };
  await advance(4);
  const [item] = (await stripe.subscriptions.retrieve(subscribed.id)).items.data;
  await stripe.subscriptions.update(subscribed.id, {
    items: [{ id: item?.id ?? '', price: pro.id }],
    proration_behavior: 'create_prorations',
  });
  await advance(36);
  const failing = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: failing.id } });
  await advance(68);
  await stripe.subscriptions.update(subscribed.id, { cancel_at_period_end: true });
  await stripe.subscriptions.cancel(subscribed.id);
}

async function portal({ stripe }: UnderTest): Promise<void> {
  const configuration = await stripe.billingPortal.configurations.create({
    business_profile: { headline: 'Credits' },
    features: { invoice_history: { enabled: true }, subscription_cancel: { enabled: true } },
  });
  const customer = await stripe.customers.create({ email: 'portal@example.com' });
  await stripe.billingPortal.sessions.create({
    customer: customer.id,
    configuration: configuration.id,
    return_url: HERE,
  });
}
