import type { PageResponse } from '../../sandbox';
import type { PortalChoice, PortalReason, PortalSubscription } from '../../sandbox-billing';
import { html, type Fragment, type Markup } from '../html';
import { longDate } from '../times';
import { sheetPage, type PortalVisitor } from './portal-frame';
import { priceText, REASONS, subscriptionPrice } from './portal-wording';

/** The question before a subscription is canceled, with the reason if the seller asks for it. */
export function cancelPage(
  visitor: PortalVisitor,
  subscription: PortalSubscription,
  problem: string | null,
): PageResponse {
  const { path, view } = visitor;
  const cancel = view.allows.cancel;
  const when =
    cancel?.mode === 'immediately'
      ? 'It ends at once, and what it gives you ends with it.'
      : `It stays yours until ${longDate(subscription.periodEnd)} and is not renewed.`;
  return sheetPage(visitor, {
    title: 'Cancel your subscription',
    problem,
    content: html`<p class="sheet-lead">${subscription.name} · ${subscriptionPrice(subscription)}</p>
      <p class="muted">${when}</p>
      <form class="form" method="post" action="${path}/cancel/${subscription.id}">
        ${cancel?.reasons && reasonQuestion(cancel.reasons)}
        <button type="submit" class="primary">Cancel subscription</button>
      </form>`,
  });
}

function reasonQuestion(reasons: readonly PortalReason[]): Markup {
  return html`<fieldset class="choices">
      <legend>Why do you cancel? (optional)</legend>
      ${reasons.map(
        (reason) =>
          html`<label class="choice">
            <input type="radio" name="feedback" value="${reason}" /> <span>${REASONS[reason]}</span>
          </label>`,
      )}
    </fieldset>
    <div class="field">
      <label for="comment">Anything else? (optional)</label>
      <textarea id="comment" name="comment" rows="3" maxlength="500"></textarea>
    </div>`;
}

/** What the subscription may be changed to. */
export function plansPage(
  visitor: PortalVisitor,
  subscription: PortalSubscription,
  problem: string | null,
): PageResponse {
  const { path, view } = visitor;
  const { choices, quantity } = subscription;
  return sheetPage(visitor, {
    title: 'Update your subscription',
    problem,
    content: html`<form class="form" method="get" action="${path}/plans/${subscription.id}/confirm">
      ${
        choices.length > 0
          ? html`<fieldset class="choices">
              <legend>Plan</legend>
              ${choices.map(choiceRow)}
            </fieldset>`
          : html`<input type="hidden" name="price" value="${subscription.price.id}" />`
      }
      ${view.allows.changePlan?.canChangeQuantity && quantityField(quantity)}
      <button type="submit" class="primary">Continue</button>
    </form>`,
  });
}

function choiceRow({ isCurrent, price, productName }: PortalChoice): Markup {
  return html`<label class="choice">
    <input type="radio" name="price" value="${price.id}" ${isCurrent && html`checked`} />
    <span class="choice-name"
      >${productName} ${isCurrent && html`<span class="badge idle">Current</span>`}</span
    >
    <span class="amount muted">${priceText(price)}</span>
  </label>`;
}

function quantityField(quantity: number): Markup {
  return html`<div class="field narrow">
    <label for="quantity">Quantity</label>
    <div class="input-box">
      <input type="number" id="quantity" name="quantity" value="${quantity}" min="1" inputmode="numeric" />
    </div>
  </div>`;
}

export interface PlanChange {
  readonly choice: Pick<PortalChoice, 'price' | 'productName'>;
  readonly quantity: number;
}

/** The present plan beside the new one, before anything happens. */
export function confirmPage(
  visitor: PortalVisitor,
  subscription: PortalSubscription,
  { choice, quantity }: PlanChange,
  problem: string | null,
): PageResponse {
  const { path } = visitor;
  const times = (count: number): Fragment => count > 1 && html` × ${count}`;
  return sheetPage(visitor, {
    title: 'Confirm your updates',
    problem,
    content: html`<dl class="before-after">
        <div>
          <dt>Now</dt>
          <dd>${subscription.name}${times(subscription.quantity)}</dd>
          <dd class="amount muted">${subscriptionPrice(subscription)}</dd>
        </div>
        <div>
          <dt>After</dt>
          <dd>${choice.productName}${times(quantity)}</dd>
          <dd class="amount">${priceText(choice.price, quantity)}</dd>
        </div>
      </dl>
      <p class="muted">The change takes effect at once. Discounts and taxes apply on top of these prices.</p>
      <form class="form" method="post" action="${path}/plans/${subscription.id}">
        <input type="hidden" name="price" value="${choice.price.id}" />
        <input type="hidden" name="quantity" value="${quantity}" />
        <button type="submit" class="primary">Confirm</button>
      </form>`,
  });
}
