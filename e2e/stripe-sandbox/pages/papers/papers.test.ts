import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACK, PAYER, startUnderTest, until, type UnderTest } from '../../testing/under-test';

const INVOICED: Stripe.Checkout.SessionCreateParams = {
  ...PACK,
  invoice_creation: {
    enabled: true,
    invoice_data: { description: 'Thank you <b>very</b> much.', footer: 'Credits last a year.' },
  },
};

interface Sale {
  charge: Stripe.Charge;
  invoice: Stripe.Invoice | null;
}

/** A paid session's charge and invoice, as the official SDK reads them. */
async function sell(at: UnderTest, params: Stripe.Checkout.SessionCreateParams): Promise<Sale> {
  const { id } = await at.stripe.checkout.sessions.create(params);
  expect(await at.sandbox.checkout.pay(id, PAYER)).toMatchObject({ outcome: 'paid' });
  const { invoice, payment_intent: intent } = await at.stripe.checkout.sessions.retrieve(id, {
    expand: ['invoice', 'payment_intent.latest_charge'],
  });
  if (intent === null || typeof intent === 'string') throw new Error('The intent is expanded.');
  const charge = intent.latest_charge;
  if (charge === null || typeof charge === 'string') throw new Error('The charge is expanded.');
  if (typeof invoice === 'string') throw new Error('The invoice is expanded.');
  return { charge, invoice };
}

function settled(at: UnderTest, { id }: Stripe.Charge): Promise<Stripe.Charge> {
  return until(async () => {
    const charge = await at.stripe.charges.retrieve(id);
    return charge.receipt_number !== null && charge;
  });
}

/** An address that the object must have. */
function there(address: string | null | undefined): string {
  if (!address) throw new Error('An address was expected.');
  return address;
}

async function read(address: string): Promise<{ status: number; text: string; headers: Headers }> {
  const answer = await fetch(address);
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

const dayOf = (seconds: number): string =>
  new Date(seconds * 1000).toLocaleDateString('en-US', { dateStyle: 'long', timeZone: 'UTC' });

let test: UnderTest;
beforeAll(async () => {
  test = await startUnderTest({ businessName: 'Credence' });
});
afterAll(() => test.stop());

describe('a receipt', () => {
  it('is at the address of its charge and says who was paid what, when, how and for what', async () => {
    const { charge } = await sell(test, PACK);
    const address = there(charge.receipt_url);
    expect(address).toMatch(new RegExp(`^${test.url}/receipts/payment/\\w{64}$`));
    expect(address).not.toContain(charge.id.slice(3));
    const { status, text } = await read(address);
    expect(status).toBe(200);
    for (const fact of ['Receipt from Credence', '$30.00', 'Visa ending in 4242', dayOf(charge.created)]) {
      expect(text).toContain(fact);
    }
    expect(text).toContain('Pack of 100');
    expect(text).toContain('Qty 2 · $15.00 each');
  });

  it('gets its number and another address some seconds later; the first address stays good', async () => {
    const sale = await sell(test, INVOICED);
    const charge = await settled(test, sale.charge);
    // What stood first is in the event: a read may come late.
    const { data: events } = await test.stripe.events.list({ type: 'charge.succeeded' });
    const first = events
      .map(({ data }) => data.object)
      .find((object) => 'id' in object && object.id === charge.id);
    if (first === undefined || !('receipt_url' in first)) throw new Error('The charge was announced.');
    expect(charge.receipt_url).not.toBe(first.receipt_url);
    for (const address of [there(first.receipt_url), there(charge.receipt_url)]) {
      const { text } = await read(address);
      expect(text).toContain(charge.receipt_number);
      expect(text).toContain(`href="${new URL(there(sale.invoice?.hosted_invoice_url)).pathname}"`);
    }
  });

  it('of a payment made without the hosted page has the payment as its one line', async () => {
    const intent = await test.stripe.paymentIntents.create({
      amount: 1234,
      currency: 'eur',
      confirm: true,
      payment_method: 'pm_card_amex',
      description: 'Wired by hand',
      return_url: 'http://shop.test/ok',
    });
    const { data } = await test.stripe.charges.list({ payment_intent: intent.id });
    const { text } = await read(there(data[0]?.receipt_url));
    expect(text).toContain('Wired by hand');
    expect(text).toContain('American Express ending in');
    expect(text).toContain('€12.34');
  });

  it('is not written for a declined payment', async () => {
    const { id } = await test.stripe.checkout.sessions.create(PACK);
    const declined = await test.sandbox.checkout.pay(id, { ...PAYER, cardNumber: '4000000000000002' });
    expect(declined.outcome).toBe('declined');
    const [failed] = (await test.stripe.charges.list({ limit: 1 })).data;
    expect(failed).toMatchObject({ status: 'failed', receipt_url: null });
  });
});

describe('an invoice', () => {
  it('is at its hosted address and says who owes whom what, and that it is paid', async () => {
    const { invoice, charge } = await sell(test, INVOICED);
    const address = there(invoice?.hosted_invoice_url);
    expect(address).toMatch(new RegExp(`^${test.url}/i/${test.sandbox.account.id}/test_\\w{64}\\?s=ap$`));
    const { status, text } = await read(address);
    expect(status).toBe(200);
    for (const fact of [
      there(invoice?.number),
      '>Paid<',
      'United States',
      'Jenny Rosen',
      'jenny@example.com',
      'Pack of 100',
      'Qty 2 · $15.00 each',
      'Visa ending in 4242',
      dayOf(charge.created),
      'Credits last a year.',
    ]) {
      expect(text).toContain(fact);
    }
    expect(text).toContain('Thank you &lt;b&gt;very&lt;/b&gt; much.');
    expect(text).toContain(`href="${new URL(there(invoice?.invoice_pdf)).pathname}"`);
    const receipt = /href="(\/receipts\/payment\/\w+)"/.exec(text)?.[1];
    expect((await read(`${test.url}${receipt}`)).text).toContain('Receipt from Credence');
  });

  it('of a free order is paid without a card and without a receipt', async () => {
    const { id } = await test.stripe.checkout.sessions.create({
      ...INVOICED,
      line_items: [
        { quantity: 1, price_data: { currency: 'usd', unit_amount: 0, product_data: { name: 'Gift' } } },
      ],
    });
    await test.sandbox.checkout.pay(id, PAYER);
    const { invoice } = await test.stripe.checkout.sessions.retrieve(id, { expand: ['invoice'] });
    if (invoice === null || typeof invoice === 'string') throw new Error('The invoice is expanded.');
    const { text } = await read(there(invoice.hosted_invoice_url));
    expect(text).toContain('>Paid<');
    expect(text).not.toMatch(/Payment method|View the receipt/);
  });

  it('has a PDF under its number', async () => {
    const { invoice } = await sell(test, INVOICED);
    const address = there(invoice?.invoice_pdf);
    expect(address).toMatch(/\/pdf\?s=ap$/);
    const { text, headers } = await read(address);
    expect(headers.get('content-type')).toBe('application/pdf');
    expect(headers.get('content-disposition')).toBe(`inline; filename="Invoice-${invoice?.number}.pdf"`);
    expect(text.startsWith('%PDF-1.4\n')).toBe(true);
    expect(text).toContain(`(${invoice?.number}) Tj`);
  });
});

describe('an address that opens nothing', () => {
  it('is answered 404, also with the plain id or the token of another paper', async () => {
    const { invoice, charge } = await sell(test, INVOICED);
    const receiptToken = there(charge.receipt_url).split('/').at(-1);
    const invoicePath = new URL(there(invoice?.hosted_invoice_url)).pathname;
    const { id: account } = test.sandbox.account;
    for (const wrong of [
      `/receipts/payment/${charge.id}`,
      `/receipts/payment/${invoicePath.split('/').at(-1)}`,
      '/receipts/payment/',
      '/receipts',
      `/i/${account}/${receiptToken}`,
      `/i/${account}/${invoice?.id}`,
      `/i/${account}/${invoice?.id}/pdf`,
      invoicePath.replace(account, 'acct_1another'),
      `${invoicePath}/xml`,
    ]) {
      expect([wrong, (await read(`${test.url}${wrong}`)).status]).toEqual([wrong, 404]);
    }
    const { text } = await read(`${test.url}/receipts/payment/unknown`);
    expect(text).toContain('No such receipt or invoice');
  });
});

describe('after a restart', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sandbox-papers-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('on another port the same paths open; new papers are under the new address', async () => {
    const first = await startUnderTest({ data: folder, publicUrl: 'https://pay.demo.test' });
    const sale = await sell(first, INVOICED);
    await first.stop();
    const addresses = [sale.charge.receipt_url, sale.invoice?.hosted_invoice_url, sale.invoice?.invoice_pdf];
    const second = await startUnderTest({ data: folder });
    for (const address of addresses.map(there)) {
      const { origin, pathname, search } = new URL(address);
      expect(origin).toBe('https://pay.demo.test');
      expect((await read(`${second.url}${pathname}${search}`)).status).toBe(200);
    }
    const later = await sell(second, INVOICED);
    expect(new URL(there(later.invoice?.hosted_invoice_url)).origin).toBe(second.url);
    await second.stop();
  });

  it('objects written before there were papers keep their addresses, and get a receipt when they settle', async () => {
    const old = path.join(folder, 'old');
    const first = await startUnderTest({ data: old, settings: { settleDelayMs: 3_600_000 } });
    const sale = await sell(first, INVOICED);
    await first.stop();
    const journal = path.join(old, 'journal.ndjson');
    const lines = readFileSync(journal, 'utf8').replaceAll(first.url, 'https://pay.stripe.com');
    writeFileSync(journal, lines.replace(/\["papers",[^\]]*\],?/g, '').replaceAll(',]', ']'));

    const second = await startUnderTest({ data: old, settings: { settleDelayMs: 3_600_000 } });
    const { charge, invoice } = sale;
    expect((await second.stripe.charges.retrieve(charge.id)).receipt_url).toMatch(
      /^https:\/\/pay\.stripe\.com/,
    );
    await fetch(`${second.url}/_control/settings`, {
      method: 'PUT',
      body: JSON.stringify({ clockOffsetMs: 3_601_000 }),
    });
    const { text } = await read(there((await settled(second, charge)).receipt_url));
    expect(text).toContain('Pack of 100');
    expect(text).not.toContain(`Invoice ${invoice?.number}`);
    await second.stop();
  });
});
