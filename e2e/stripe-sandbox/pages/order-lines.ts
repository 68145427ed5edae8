import { formatAmount } from '../amounts';
import { html, type Fragment, type Markup } from './html';

interface OrderLine {
  readonly description: string;
  readonly quantity: number;
  readonly unitAmount: number | null;
  readonly amount: number;
  /** Below the description, instead of the quantity. */
  readonly note?: Fragment;
}

/** What is bought, as the checkout and the papers list it. */
export function orderLines(lines: readonly OrderLine[], currency: string): Markup {
  return html`<ul class="items">
    ${lines.map((line) => orderLine(line, currency))}
  </ul>`;
}

function orderLine(line: OrderLine, currency: string): Markup {
  const { description, quantity, unitAmount, amount } = line;
  const unit = unitAmount === null ? null : formatAmount(unitAmount, currency);
  const note = line.note ?? (quantity > 1 && quantityText(quantity, unit));
  return html`<li>
    <span class="item-name">${description}</span>
    <span class="amount">${formatAmount(amount, currency)}</span>
    ${note && html`<span class="item-note">${note}</span>`}
  </li>`;
}

export function quantityText(quantity: number, unit: string | null): string {
  return unit === null ? `Qty ${quantity}` : `Qty ${quantity} · ${unit} each`;
}

export interface OrderTotal {
  readonly label: string;
  readonly amount: number;
  readonly strong: boolean;
}

/** What comes before the total; a discount or a tax only where there is one. */
export function orderSums(order: { subtotal: number; discount: number; tax: number }): OrderTotal[] {
  const { subtotal, discount, tax } = order;
  return [
    { label: 'Subtotal', amount: subtotal, strong: false },
    ...(discount > 0 ? [{ label: 'Discount', amount: -discount, strong: false }] : []),
    ...(tax > 0 ? [{ label: 'Tax', amount: tax, strong: false }] : []),
  ];
}

export function orderTotals(totals: readonly OrderTotal[], currency: string): Markup {
  return html`<dl class="totals">
    ${totals.map(
      ({ label, amount, strong }) =>
        html`<div ${strong && html`class="total-due"`}>
          <dt>${label}</dt>
          <dd class="amount">${formatAmount(amount, currency)}</dd>
        </div>`,
    )}
  </dl>`;
}
