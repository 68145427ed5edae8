import { describe, expect, it } from 'vitest';
import type { InvoiceView } from '../../sandbox';
import { invoicePage } from './invoice-page';
import { invoicePdf } from './invoice-pdf';
import { fitted, widthOf, wrap } from './pdf-text';

const INVOICE: InvoiceView = {
  businessName: 'Credence (demo)',
  businessCountry: 'US',
  currency: 'usd',
  lines: [{ description: 'Team pack', quantity: 2, unitAmount: 1500, amount: 3000 }],
  subtotal: 3000,
  discount: 500,
  tax: 250,
  total: 2750,
  card: { brand: 'visa', last4: '4242' },
  number: 'ABCD1234-0001',
  status: 'paid',
  customer: { name: 'Zoë Krüger', email: 'zoe@example.com', address: null },
  customFields: [{ name: 'Order', value: '7' }],
  description: null,
  footer: null,
  issuedAt: 1_795_000_000,
  paidAt: 1_795_000_000,
  amountPaid: 2750,
  amountRemaining: 0,
  pdfPath: '/i/acct_1/test_1/pdf',
  receiptPath: null,
};

const BEYOND_LATIN_1 = new Map([
  [0x80, '€'],
  [0x96, '–'],
]);

/** The texts that the sheet shows, as a reader of the format decodes them. */
function textsOf(file: string): string[] {
  return [...file.matchAll(/\(((?:[^()\\]|\\.)*)\) Tj/g)].map(([, text = '']) =>
    text
      .replace(/\\([0-7]{3})/g, (_, octal: string) => {
        const byte = Number.parseInt(octal, 8);
        return BEYOND_LATIN_1.get(byte) ?? String.fromCharCode(byte);
      })
      .replace(/\\([()\\])/g, '$1'),
  );
}

/** The objects as the cross-reference table finds them. */
function objectsOf(file: string): string[] {
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(file)?.[1]);
  const [head = '', ...entries] = file.slice(start).split(' \n');
  expect(head).toMatch(/^xref\n0 \d+\n0{10} 65535 f$/);
  return entries.slice(0, -1).map((entry, index) => {
    const offset = Number(/^(\d{10}) 00000 n$/.exec(entry)?.[1]);
    const object = file.slice(offset);
    expect(object.startsWith(`${index + 1} 0 obj\n`)).toBe(true);
    return object.slice(0, object.indexOf('endobj'));
  });
}

describe('the file', () => {
  it('is a PDF whose table finds every object and whose page names its length', () => {
    const file = invoicePdf({ ...INVOICE, footer: 'Ends in \\ and (brackets' });
    expect(file.startsWith('%PDF-1.4\n')).toBe(true);
    expect(file).toMatch(/^[\n\x20-\x7e]*$/);
    const objects = objectsOf(file);
    expect(objects).toHaveLength(7);
    expect(file).toContain('/Size 8 /Root 1 0 R');
    expect(objects[0]).toContain('/Type /Catalog');
    expect(objects[2]).toContain('/Type /Page ');
    const [, length, content] = /\/Length (\d+) >>\nstream\n([^]*)\nendstream/.exec(objects[5] ?? '') ?? [];
    expect(content).toHaveLength(Number(length));
    expect(textsOf(file)).toContain('Ends in \\ and (brackets');
  });

  it('says what the page says', () => {
    const texts = textsOf(invoicePdf(INVOICE));
    const page = invoicePage(INVOICE, false).body;
    for (const text of [
      'Paid',
      'ABCD1234-0001',
      'November 18, 2026',
      'Visa ending in 4242',
      'Credence (demo)',
      'United States',
      'Zoë Krüger',
      'zoe@example.com',
      'Order',
      'Team pack',
      'Qty 2 · $15.00 each',
      '$30.00',
      'Subtotal',
      'Discount',
      'Tax',
      '$2.50',
      'Total',
      '$27.50',
      'Amount paid',
      'Amount due',
      '$0.00',
    ]) {
      expect(texts).toContain(text);
      expect(page).toContain(`>${text}<`);
    }
    expect(texts).toContain('–$5.00');
    expect(page).toContain('>\u2212$5.00<');
  });

  it('leaves out a discount and a tax that are not there', () => {
    const plain = { ...INVOICE, discount: 0, tax: 0 };
    expect(textsOf(invoicePdf(plain))).not.toContain('Discount');
    expect(invoicePage(plain, false).body).not.toMatch(/>(Discount|Tax)</);
  });

  it('is one page however many lines there are', () => {
    const lines = Array.from({ length: 100 }, (_, turn) => ({
      description: `Pack ${turn} ${'long name '.repeat(12)}`,
      quantity: 1,
      unitAmount: 100,
      amount: 100,
    }));
    const file = invoicePdf({ ...INVOICE, lines });
    const height = Number(/\/MediaBox \[0 0 595 (\d+)\]/.exec(file)?.[1]);
    const lowest = Math.min(...[...file.matchAll(/ ([\d.-]+) Td/g)].map(([, y]) => Number(y)));
    expect(height).toBeGreaterThan(842);
    expect(lowest).toBeGreaterThan(40);
    expect(file.match(/\/Type \/Page /g)).toHaveLength(1);
  });

  it('names the currency by its code where the fonts lack its sign', () => {
    expect(textsOf(invoicePdf({ ...INVOICE, currency: 'eur' }))).toContain('€27.50');
    expect(textsOf(invoicePdf({ ...INVOICE, currency: 'inr' }))).toContain('INR 27.50');
  });
});

describe('text in the standard fonts', () => {
  it('keeps what they have, drops accents that they lack and marks other scripts', () => {
    expect(fitted('Zoë – “€5”')).toBe('Zoë – “€5”');
    expect(fitted('Dvořák')).toBe('Dvorák');
    expect(fitted('日本')).toBe('??');
  });

  it('is wrapped within its width, also a word that is too long, and loses nothing', () => {
    const text = `one two ${'x'.repeat(80)} three`;
    const lines = wrap(text, 10, 120);
    expect(Math.max(...lines.map((line) => widthOf(line, 10)))).toBeLessThanOrEqual(120);
    expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
  });
});
