import type { InvoiceView, Paper, ReceiptView } from '../../sandbox';
import { addressLines, countryLine } from '../address-lines';
import { brandName } from '../brand-name';
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

function cardFact({ card }: Paper): Fact[] {
  if (card === null) return [];
  return [{ label: 'Payment method', text: `${brandName(card.brand)} ending in ${card.last4}` }];
}
