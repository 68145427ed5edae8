import type Stripe from 'stripe';
import type { InvoiceView, Paper, ReceiptView } from '../../sandbox';
import { orderSums, type OrderTotal } from '../order-lines';
import { longDate } from '../times';

/** What both faces of a paper, the page and the PDF, say in the same words and the same order. */
export interface Fact {
  readonly label: string;
  readonly text: string;
}

export function receiptFacts(view: ReceiptView): Fact[] {
  return [
    { label: 'Date paid', text: longDate(view.paidAt) },
    ...cardFact(view),
    ...(view.number === null ? [] : [{ label: 'Receipt number', text: view.number }]),
  ];
}

export function receiptTotals(view: ReceiptView): OrderTotal[] {
  return [...orderSums(view), { label: 'Amount paid', amount: view.total, strong: true }];
}

export function invoiceFacts(view: InvoiceView): Fact[] {
  return [
    { label: 'Invoice number', text: view.number },
    { label: 'Date of issue', text: longDate(view.issuedAt) },
    ...(view.paidAt === null ? [] : [{ label: 'Paid on', text: longDate(view.paidAt) }]),
    ...cardFact(view),
    ...view.customFields.map(({ name, value }) => ({ label: name, text: value })),
  ];
}

export function invoiceTotals(view: InvoiceView): OrderTotal[] {
  return [
    ...orderSums(view),
    { label: 'Total', amount: view.total, strong: false },
    { label: 'Amount paid', amount: view.amountPaid, strong: false },
    { label: 'Amount due', amount: view.amountRemaining, strong: true },
  ];
}

/** The first line is the seller's name. */
export function sellerLines(view: InvoiceView): string[] {
  return [view.businessName, ...countryLine(view.businessCountry)];
}

export function buyerLines({ customer: { name, email, address } }: InvoiceView): string[] {
  const lines = [name ?? '', ...(address ? addressLines(address) : []), email ?? ''];
  return lines.filter((line) => line !== '');
}

const BRANDS: Partial<Record<string, string>> = {
  amex: 'American Express',
  diners: 'Diners Club',
  jcb: 'JCB',
  mastercard: 'Mastercard',
  unionpay: 'UnionPay',
};

function cardFact({ card }: Paper): Fact[] {
  if (card === null) return [];
  const brand = BRANDS[card.brand] ?? card.brand.charAt(0).toUpperCase() + card.brand.slice(1);
  return [{ label: 'Payment method', text: `${brand} ending in ${card.last4}` }];
}

const regions = new Intl.DisplayNames(['en'], { type: 'region' });

function countryLine(code: string | null): string[] {
  if (code === null) return [];
  return [/^[A-Z]{2}$/.test(code) ? (regions.of(code) ?? code) : code];
}

function addressLines({ line1, line2, city, state, postal_code: zip, country }: Stripe.Address): string[] {
  const region = [state, zip].filter(Boolean).join(' ');
  const town = [city, region].filter(Boolean).join(', ');
  return [line1 ?? '', line2 ?? '', town, ...countryLine(country)];
}
