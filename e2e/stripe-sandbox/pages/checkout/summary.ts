import type { AppliedDiscount } from '../../sandbox';
import { formatAmount } from '../../amounts';
import { html, type Fragment, type Markup } from '../html';
import { orderLines, orderTotals, quantityText } from '../order-lines';
import { merchantBar } from '../merchant-bar';
import { billedText, headline, renewalOf, type LineItem, type Order } from './wording';

/** What was typed into the promotion code's field and refused. */
export interface RefusedCode {
  readonly code: string;
  readonly message: string;
}

export function checkoutPath({ session }: Order): string {
  return `/c/pay/${encodeURIComponent(session.id)}`;
}

/** The left column. The script puts a fresh one in its place after a promotion code or a quantity. */
export function summary(view: Order, refused: RefusedCode | null): Markup {
  const { lead, amount, beside, note } = headline(view);
  return html`<section class="summary" id="summary" aria-label="Order summary">
    <div class="column">
      ${merchantBar({
        businessName: view.businessName,
        backTo: view.cancelUrl,
        livemode: view.session.livemode,
      })}
      <h1>
        <span class="lead">${lead}</span>
        ${
          amount !== null &&
          html`<span class="headline-amount"
            >${amount}${beside && html` <span class="headline-beside">${beside}</span>`}</span
          >`
        }
        ${note && html`<span class="headline-note">${note}</span>`}
      </h1>
      ${view.lineItems.length > 0 && [lines(view), totals(view, refused)]}
      <p class="footnote">
        ${
          view.session.livemode
            ? 'Local Stripe sandbox, playing a live account. No real money moves; never type a real card.'
            : 'Local Stripe sandbox. No real money moves; never type a real card.'
        }
      </p>
    </div>
  </section>`;
}

function lines(view: Order): Markup {
  const shown = view.lineItems.map((item) => ({
    description: item.description ?? 'Item',
    quantity: item.quantity ?? 1,
    unitAmount: item.price?.unit_amount ?? null,
    amount: item.amount_subtotal,
    note: lineNote(item, view),
  }));
  return orderLines(shown, view.currency);
}

function lineNote(item: LineItem, view: Order): Fragment {
  const recurring = item.price?.recurring;
  const isAdjustable = item.adjustable_quantity?.enabled === true;
  const quantity = item.quantity ?? 1;
  const unit = item.price?.unit_amount ?? null;
  const price = unit === null ? null : formatAmount(unit, item.currency);
  const told = quantity > 1 && !isAdjustable ? quantityText(quantity, price) : null;
  const billed = recurring ? billedText(recurring) : null;
  const parts = [told, billed].filter((part) => part !== null);
  return [parts.join(' · '), isAdjustable && quantityForm(item, view)];
}

function quantityForm(item: LineItem, view: Order): Markup {
  const { minimum, maximum } = item.adjustable_quantity ?? {};
  const id = `quantity-${item.id}`;
  return html`<form class="quantity" method="post" action="${checkoutPath(view)}/quantity">
    <input type="hidden" name="line" value="${item.id}" />
    <label for="${id}">Quantity</label>
    <input
      type="number"
      id="${id}"
      name="quantity"
      value="${item.quantity ?? 1}"
      min="${minimum ?? 0}"
      max="${maximum ?? 99}"
      inputmode="numeric"
    />
    <button type="submit" class="link">Update</button>
  </form>`;
}

function totals(view: Order, refused: RefusedCode | null): Markup {
  const { session, amount, currency, promotions } = view;
  const { amount_discount: discount = 0, amount_tax: tax = 0 } = session.total_details ?? {};
  const renewal = renewalOf(view);
  const due = session.mode === 'subscription' ? 'Total due today' : 'Total due';
  const isOpen = promotions.isOffered && promotions.applied.length === 0;
  const before = [
    { label: 'Subtotal', amount: session.amount_subtotal ?? amount, strong: false },
    ...(promotions.applied.length === 0 && discount > 0
      ? [{ label: 'Discount', amount: -discount, strong: false }]
      : []),
  ];
  const after = [
    ...(tax > 0 ? [{ label: 'Tax', amount: tax, strong: false }] : []),
    ...(view.trial && renewal
      ? [{ label: `Total after the trial, ${renewal.text}`, amount: renewal.amount, strong: false }]
      : []),
    { label: due, amount, strong: true },
  ];
  return html`<div class="sums">
    ${orderTotals(before, currency)} ${isOpen && promotionForm(view, refused)}
    ${promotions.applied.map((one) => discountLine(one, discount, view))} ${orderTotals(after, currency)}
  </div>`;
}

/** Works as a page of its own without scripts; with them the summary is fetched again. */
function promotionForm(view: Order, refused: RefusedCode | null): Markup {
  return html`<form class="promotion" method="post" action="${checkoutPath(view)}/promotion">
    <div class="promotion-row">
      <input
        type="text"
        id="promotionCode"
        name="promotionCode"
        value="${refused?.code}"
        aria-label="Add promotion code"
        placeholder="Add promotion code"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck="false"
        maxlength="100"
        ${refused && html`aria-invalid="true" aria-describedby="promotionCode-error"`}
      />
      <button type="submit" class="secondary small">Apply</button>
    </div>
    ${refused && html`<p class="field-error" id="promotionCode-error" role="alert">${refused.message}</p>`}
  </form>`;
}

function discountLine(applied: AppliedDiscount, amount: number, view: Order): Markup {
  const { code, name, percentOff, amountOff } = applied;
  const off =
    percentOff === null
      ? amountOff !== null && `${formatAmount(amountOff, view.currency)} off`
      : `${percentOff}% off`;
  return html`<form class="discount" method="post" action="${checkoutPath(view)}/promotion">
    <span class="chip"
      >${code ?? name ?? 'Discount'}
      ${
        code !== null &&
        html`<button type="submit" name="remove" value="1" aria-label="Remove promotion code ${code}">
          <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
            <path d="m3 3 6 6m0-6-6 6" fill="none" stroke="currentColor" stroke-width="1.5" />
          </svg>
        </button>`
      }
    </span>
    <span class="amount">${formatAmount(-amount, view.currency)}</span>
    ${off && html`<span class="discount-note">${off}</span>`}
  </form>`;
}
