import type Stripe from 'stripe';
import { formatAmount } from '../amounts';
import { html, safeHref, type Fragment, type Markup } from '../html';
import { documentResponse } from '../layout';
import { orderLines, orderSums, orderTotals } from '../order-lines';
import type { CheckoutView, PageResponse } from '../../sandbox';
import { challengeDialog } from './challenge';
import { checkoutForm, type FormProblem, type FormValues } from './checkout-form';

type LineItem = Pick<
  Stripe.LineItem,
  'description' | 'quantity' | 'price' | 'amount_subtotal' | 'amount_total' | 'currency'
>;

/** What the pages show of a session. */
export interface Order extends Pick<
  CheckoutView,
  'businessName' | 'amount' | 'currency' | 'cancelUrl' | 'successUrl' | 'lockedEmail'
> {
  readonly session: Pick<Stripe.Checkout.Session, 'id' | 'submit_type' | 'amount_subtotal' | 'total_details'>;
  readonly lineItems: readonly LineItem[];
}

export interface CheckoutState {
  readonly view: Order;
  readonly values: FormValues;
  readonly problem: FormProblem | null;
  readonly challenge: boolean;
}

const BACK_ARROW = html`<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
  <path d="M16 10H4m0 0 5-5m-5 5 5 5" fill="none" stroke="currentColor" stroke-width="1.75" />
</svg>`;

export function merchantBar(view: Pick<Order, 'businessName' | 'cancelUrl'>): Markup {
  const back = safeHref(view.cancelUrl);
  return html`<div class="merchant">
    ${back && html`<a class="back" href="${back}" aria-label="Back to ${view.businessName}">${BACK_ARROW}</a>`}
    <span class="monogram" aria-hidden="true">${[...view.businessName][0]?.toUpperCase()}</span>
    <span class="merchant-name">${view.businessName}</span>
    <span class="badge warn">SANDBOX</span>
  </div>`;
}

function totals({ session, amount, currency }: Order): Markup {
  const sums = orderSums({
    subtotal: session.amount_subtotal ?? amount,
    discount: session.total_details?.amount_discount ?? 0,
    tax: session.total_details?.amount_tax ?? 0,
  });
  return orderTotals([...sums, { label: 'Total due', amount, strong: true }], currency);
}

function lines({ lineItems, currency }: Order): Markup {
  const shown = lineItems.map((item) => ({
    description: item.description ?? 'Item',
    quantity: item.quantity ?? 1,
    unitAmount: item.price?.unit_amount ?? null,
    amount: item.amount_subtotal,
  }));
  return orderLines(shown, currency);
}

/** Every other submit type, `auto` and none read "Pay". */
const VERBS: Partial<Record<string, string>> = {
  book: 'Book',
  donate: 'Donate',
  subscribe: 'Subscribe',
};

export function payLabel(view: Order): string {
  const verb = VERBS[view.session.submit_type ?? 'auto'] ?? 'Pay';
  return view.amount === 0 ? 'Complete order' : `${verb} ${formatAmount(view.amount, view.currency)}`;
}

function summary(view: Order): Fragment {
  return html`<section class="summary" aria-label="Order summary">
    <div class="column">
      ${merchantBar(view)}
      <h1>
        <span class="lead">Pay ${view.businessName}</span>
        <span class="headline-amount">${formatAmount(view.amount, view.currency)}</span>
      </h1>
      ${lines(view)} ${totals(view)}
      <p class="footnote">Local Stripe sandbox. No real money moves; never type a real card.</p>
    </div>
  </section>`;
}

export function checkoutPage(state: CheckoutState): PageResponse {
  const { view, values, problem, challenge } = state;
  const path = `/c/pay/${encodeURIComponent(view.session.id)}`;
  const body = html`<main class="checkout" ${challenge && html`inert`}>
      ${summary(view)}
      <section class="payment" aria-label="Payment">
        <div class="column">
          <h2>Pay with card</h2>
          ${checkoutForm({
            action: path,
            values,
            lockedEmail: view.lockedEmail,
            problem,
            payLabel: payLabel(view),
          })}
        </div>
      </section>
    </main>
    ${challengeDialog({
      action: `${path}/challenge`,
      open: challenge,
      businessName: view.businessName,
      amount: formatAmount(view.amount, view.currency),
      values,
    })}`;
  return documentResponse({
    title: `${view.businessName} · Checkout`,
    body,
    room: 'checkout',
    script: true,
  });
}
