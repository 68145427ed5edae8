import { formatAmount } from '../../amounts';
import { html } from '../html';
import { documentResponse } from '../layout';
import type { PageResponse } from '../../sandbox';
import { challengeDialog } from './challenge';
import { checkoutForm } from './checkout-form';
import type { FormProblem, FormValues } from './form-values';
import { checkoutPath, summary, type RefusedCode } from './summary';
import type { Order } from './wording';

export interface CheckoutState {
  readonly view: Order;
  readonly values: FormValues;
  readonly problem: FormProblem | null;
  readonly refusedCode: RefusedCode | null;
  readonly challenge: boolean;
}

function heading({ methods, session }: Order): string {
  if (methods.length === 0) return 'Contact information';
  if (session.mode === 'setup') return methods.join() === 'card' ? 'Save a card' : 'Save a payment method';
  return methods.join() === 'card' ? 'Pay with card' : 'Payment details';
}

export function checkoutPage(state: CheckoutState): PageResponse {
  const { view, values, problem, challenge } = state;
  const path = checkoutPath(view);
  const body = html`<main class="checkout" ${challenge && html`inert`}>
      ${summary(view, state.refusedCode)}
      <section class="payment" id="payment" aria-label="Payment">
        <div class="column">
          <h2>${heading(view)}</h2>
          ${checkoutForm({ action: path, view, values, problem })}
        </div>
      </section>
    </main>
    <p id="live" class="unseen" role="status"></p>
    ${challengeDialog({
      action: `${path}/challenge`,
      open: challenge,
      businessName: view.businessName,
      amount: view.session.mode === 'setup' ? null : formatAmount(view.amount, view.currency),
      values,
    })}`;
  return documentResponse({
    title: `${view.businessName} · Checkout`,
    body,
    room: 'checkout',
    script: true,
  });
}
