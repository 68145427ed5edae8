import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { advance, openShop, payingCustomer, seconds, type Shop } from '../testing/billing';
import { refusalOf, until } from '../testing/under-test';

let shop: Shop;
let stripe: Stripe;
beforeEach(async () => {
  shop = await openShop();
  stripe = shop.stripe;
});
afterEach(() => shop.close());

/** A draft over $20 for a customer who has the card. */
async function draft(card = 'pm_card_visa', more: Partial<Stripe.InvoiceCreateParams> = {}) {
  const { customer } = await payingCustomer(stripe, card);
  await stripe.invoiceItems.create({
    customer: customer.id,
    amount: 2000,
    currency: 'usd',
    description: 'Work',
  });
  return stripe.invoices.create({
    customer: customer.id,
    pending_invoice_items_behavior: 'include',
    ...more,
  });
}

describe('an invoice by hand', () => {
  it('takes the waiting items, is finalized and paid', async () => {
    const invoice = await draft();
    expect(invoice).toMatchObject({
      amount_due: 2000,
      auto_advance: false,
      billing_reason: 'manual',
      number: null,
      status: 'draft',
      total: 2000,
    });
    expect((await stripe.invoiceItems.list({ pending: true })).data).toEqual([]);
    expect((await stripe.invoices.listLineItems(invoice.id)).data[0]).toMatchObject({
      amount: 2000,
      description: 'Work',
      parent: { type: 'invoice_item_details' },
    });
    await shop.mark();
    const paid = await stripe.invoices.pay(invoice.id);
    expect(paid).toMatchObject({ amount_paid: 2000, amount_remaining: 0, attempt_count: 1, status: 'paid' });
    expect(paid.number).toMatch(/^[A-Z0-9]+-0001$/);
    expect((await fetch(String(paid.hosted_invoice_url))).status).toBe(200);
    expect((await fetch(String(paid.invoice_pdf))).headers.get('content-type')).toBe('application/pdf');
    await until(() => shop.arrived().length === 8);
    expect(shop.inActs()).toEqual([
      'invoice.finalized',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice.paid',
      'invoice.payment_succeeded',
      'invoice_payment.paid',
      'charge.updated',
    ]);
    const again = await refusalOf(stripe.invoices.pay(invoice.id));
    expect(again).toMatchObject({ statusCode: 400, code: 'invoice_already_paid' });
  });

  it('answers 402 when its card is refused and stays open', async () => {
    const invoice = await draft('pm_card_chargeCustomerFail');
    await shop.mark();
    const refused = await refusalOf(stripe.invoices.pay(invoice.id));
    expect(refused).toMatchObject({ statusCode: 402, code: 'card_declined', rawType: 'card_error' });
    await until(() => shop.arrived().length === 6);
    expect(shop.arrived()).toEqual([
      'invoice.finalized',
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.payment_failed',
      'invoice.updated',
    ]);
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({
      attempt_count: 1,
      next_payment_attempt: null,
      status: 'open',
    });
    expect(await stripe.customers.retrieve(String(invoice.customer))).toMatchObject({ delinquent: false });
  });

  it('is paid with its own method before its customer’s', async () => {
    const { customer } = await payingCustomer(stripe, 'pm_card_chargeCustomerFail');
    const good = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    await stripe.invoiceItems.create({ customer: customer.id, amount: 2000, currency: 'usd' });
    const made = await stripe.invoices.create({
      customer: customer.id,
      default_payment_method: good.id,
      pending_invoice_items_behavior: 'include',
    });
    expect((await stripe.invoices.pay(made.id)).status).toBe('paid');
    const [charge] = (await stripe.charges.list({ customer: customer.id })).data;
    expect(charge?.payment_method).toBe(good.id);
  });

  it('is paid out of band without any charge', async () => {
    const invoice = await draft();
    await stripe.invoices.finalizeInvoice(invoice.id);
    const paid = await stripe.invoices.pay(invoice.id, { paid_out_of_band: true });
    expect(paid.status).toBe('paid');
    expect((await stripe.charges.list()).data).toEqual([]);
    const [payment] = (await stripe.invoicePayments.list({ invoice: invoice.id })).data;
    expect(payment?.status).toBe('canceled');
  });

  it('is void for good, its intent canceled with it', async () => {
    const invoice = await draft();
    await stripe.invoices.finalizeInvoice(invoice.id);
    await shop.mark();
    expect(await stripe.invoices.voidInvoice(invoice.id)).toMatchObject({ status: 'void' });
    await until(() => shop.arrived().length === 2);
    expect(shop.arrived()).toEqual(['invoice.voided', 'payment_intent.canceled']);
    expect(await refusalOf(stripe.invoices.pay(invoice.id))).toMatchObject({ statusCode: 400 });
  });

  it('is uncollectible until it is paid after all', async () => {
    const invoice = await draft();
    await stripe.invoices.finalizeInvoice(invoice.id);
    expect((await stripe.invoices.markUncollectible(invoice.id)).status).toBe('uncollectible');
    expect((await stripe.invoices.pay(invoice.id)).status).toBe('paid');
  });

  it('is deleted as a draft with its items, and not later', async () => {
    const invoice = await draft();
    expect(await stripe.invoices.del(invoice.id)).toEqual({
      id: invoice.id,
      object: 'invoice',
      deleted: true,
    });
    expect((await stripe.invoiceItems.list()).data).toEqual([]);
    const open = await stripe.invoices.finalizeInvoice((await draft()).id);
    expect(await refusalOf(stripe.invoices.del(open.id))).toMatchObject({ code: 'invoice_not_editable' });
    expect(await refusalOf(stripe.invoices.update(open.id, { footer: 'late' }))).toMatchObject({
      code: 'invoice_not_editable',
    });
  });

  it('counts again when its lines are changed', async () => {
    const invoice = await draft();
    const added = await stripe.invoiceItems.create({
      customer: String(invoice.customer),
      amount: 500,
      currency: 'usd',
      invoice: invoice.id,
    });
    expect((await stripe.invoices.retrieve(invoice.id)).total).toBe(2500);
    await stripe.invoiceItems.update(added.id, { amount: 700 });
    expect((await stripe.invoices.retrieve(invoice.id)).total).toBe(2700);
    await stripe.invoiceItems.del(added.id);
    expect((await stripe.invoices.retrieve(invoice.id)).total).toBe(2000);
    const lines = [{ amount: 100, description: 'Extra' }];
    expect((await stripe.invoices.addLines(invoice.id, { lines })).total).toBe(2100);
  });

  it('takes coupons off and puts tax on', async () => {
    const coupon = await stripe.coupons.create({ percent_off: 25, duration: 'once' });
    const invoice = await draft('pm_card_visa', {
      automatic_tax: { enabled: true },
      discounts: [{ coupon: coupon.id }],
    });
    expect(invoice).toMatchObject({ subtotal: 2000, total: 1650, total_excluding_tax: 1500 });
    expect(invoice.total_discount_amounts).toMatchObject([{ amount: 500 }]);
    expect(invoice.total_taxes).toMatchObject([
      { amount: 150, tax_behavior: 'exclusive', taxable_amount: 1500 },
    ]);
  });

  it('gives the tax of a credit back with it', async () => {
    const invoice = await draft('pm_card_visa', { automatic_tax: { enabled: true } });
    const lines = [{ amount: -500, description: 'Credit' }];
    const less = await stripe.invoices.addLines(invoice.id, { lines });
    expect(less).toMatchObject({ subtotal: 1500, total: 1650, total_excluding_tax: 1500 });
  });

  it('keeps a tax that its prices include inside its total, and takes one discount after the other', async () => {
    const { customer } = await payingCustomer(stripe);
    const half = await stripe.coupons.create({ percent_off: 50, duration: 'once' });
    const fixed = await stripe.coupons.create({ amount_off: 450, currency: 'usd', duration: 'once' });
    await stripe.invoiceItems.create({
      customer: customer.id,
      price_data: {
        currency: 'usd',
        product: String(shop.monthly.product),
        tax_behavior: 'inclusive',
        unit_amount: 2200,
      },
    });
    const made = await stripe.invoices.create({
      automatic_tax: { enabled: true },
      customer: customer.id,
      discounts: [{ coupon: half.id }, { coupon: half.id }, { coupon: fixed.id }],
      pending_invoice_items_behavior: 'include',
    });
    expect(made.total_discount_amounts?.map(({ amount }) => amount)).toEqual([1100, 550, 450]);
    expect(made).toMatchObject({ subtotal: 2200, total: 100, total_excluding_tax: 91 });
  });

  it('leaves what is too little to be charged to the balance of its customer', async () => {
    const { customer } = await payingCustomer(stripe);
    await stripe.invoiceItems.create({ customer: customer.id, amount: 49, currency: 'usd' });
    const { id } = await stripe.invoices.create({
      customer: customer.id,
      pending_invoice_items_behavior: 'include',
    });
    expect(await stripe.invoices.pay(id)).toMatchObject({
      amount_due: 0,
      ending_balance: 49,
      status: 'paid',
    });
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: 49 });
  });

  it('credits the balance of its customer, which pays the next one', async () => {
    const { customer } = await payingCustomer(stripe);
    const bill = async (amount: number): Promise<Stripe.Invoice> => {
      await stripe.invoiceItems.create({ customer: customer.id, amount, currency: 'usd' });
      const made = await stripe.invoices.create({
        customer: customer.id,
        pending_invoice_items_behavior: 'include',
      });
      return stripe.invoices.pay(made.id);
    };
    expect(await bill(-1200)).toMatchObject({ amount_due: 0, ending_balance: -1200, status: 'paid' });
    expect(await bill(2000)).toMatchObject({ amount_due: 800, amount_paid: 800, starting_balance: -1200 });
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: 0 });
  });

  it('is sent, and overdue when its day passes', async () => {
    const { clock, customer } = await payingCustomer(stripe, 'pm_card_visa', '2026-03-01T10:00');
    await stripe.invoiceItems.create({ customer: customer.id, amount: 2000, currency: 'usd' });
    const made = await stripe.invoices.create({
      collection_method: 'send_invoice',
      customer: customer.id,
      days_until_due: 5,
      pending_invoice_items_behavior: 'include',
    });
    expect(made.due_date).toBe(seconds('2026-03-06T10:00'));
    await shop.mark();
    expect((await stripe.invoices.sendInvoice(made.id)).status).toBe('open');
    await advance(stripe, clock, '2026-03-06T10:00');
    await until(() => shop.arrived().includes('invoice.overdue'));
    await until(() => shop.arrived().includes('invoice.sent'));
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ delinquent: true });
    await stripe.invoices.markUncollectible(made.id);
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ delinquent: false });
  });

  it('advances by itself after an hour if it may', async () => {
    const { clock, customer } = await payingCustomer(stripe, 'pm_card_visa', '2026-03-01T10:00');
    await stripe.invoiceItems.create({ customer: customer.id, amount: 2000, currency: 'usd' });
    const made = await stripe.invoices.create({
      auto_advance: true,
      customer: customer.id,
      pending_invoice_items_behavior: 'include',
    });
    expect(made.automatically_finalizes_at).toBe(seconds('2026-03-01T11:00'));
    await advance(stripe, clock, '2026-03-01T11:00');
    expect((await stripe.invoices.retrieve(made.id)).status).toBe('paid');
  });
});

describe('a preview', () => {
  it('shows the next renewal and stores nothing', async () => {
    const { customer } = await payingCustomer(stripe);
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: shop.monthly.id }],
    });
    await stripe.invoiceItems.create({ customer: customer.id, amount: 250, currency: 'usd' });
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id });
    expect(preview).toMatchObject({ billing_reason: 'upcoming', status: 'draft', total: 1750 });
    expect((await stripe.invoices.list()).data).toHaveLength(1);
  });

  it('is taxed if it asks for it, whatever its subscription says', async () => {
    const { customer } = await payingCustomer(stripe);
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: shop.monthly.id }],
    });
    const preview = await stripe.invoices.createPreview({
      subscription: subscription.id,
      automatic_tax: { enabled: true },
    });
    expect(preview).toMatchObject({ automatic_tax: { enabled: true }, subtotal: 1500, total: 1650 });
  });
});

const FIELDS = path.resolve(import.meta.dirname, '../../../../shared/stripe/fields');

describe.skipIf(!existsSync(FIELDS))(
  'the fields (skipped where Stripe’s list of them is not at hand)',
  () => {
    const required = (file: string): string[] =>
      readFileSync(`${FIELDS}/${file}.txt`, 'utf8')
        .split('\n')
        .flatMap((line) => /^([a-z_]+):/.exec(line)?.[1] ?? []);

    it('of invoices, lines, payments, items and subscriptions are all there', async () => {
      const { customer } = await payingCustomer(stripe);
      const item = await stripe.invoiceItems.create({ customer: customer.id, amount: 250, currency: 'usd' });
      const subscription = await stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price: shop.monthly.id }],
      });
      const invoice = await stripe.invoices.retrieve(String(subscription.latest_invoice));
      const [payment] = (await stripe.invoicePayments.list({ invoice: invoice.id })).data;
      const objects: Record<string, object | undefined> = {
        'InvoiceItems.InvoiceItem': item,
        'Invoices.Invoice': invoice,
        'InvoiceLineItems.InvoiceLineItem': invoice.lines.data[0],
        'InvoicePayments.InvoicePayment': payment,
        'Subscriptions.Subscription': subscription,
        'SubscriptionItems.SubscriptionItem': subscription.items.data[0],
      };
      for (const [file, object] of Object.entries(objects)) {
        expect(Object.keys(object ?? {})).toEqual(expect.arrayContaining(required(file)));
      }
    });
  },
);
