import type { PortalInvoice, PortalMethod, PortalSubscription } from '../../sandbox-billing';
import type { PageResponse } from '../../sandbox';
import { formatAmount } from '../../amounts';
import { html, safeHref, type Fragment, type Markup } from '../html';
import { documentResponse } from '../layout';
import { longDate } from '../times';
import { addressLines } from '../address-lines';
import { portalFrame, type PortalVisitor } from './portal-frame';
import { methodName, NOTICES, stateOf, subscriptionPrice } from './portal-wording';

export function portalHome(
  visitor: PortalVisitor,
  { notice, problem }: { notice: string | null; problem: string | null },
): PageResponse {
  const { view } = visitor;
  const said = notice === null ? undefined : NOTICES[notice];
  const body = portalFrame(
    visitor,
    html`<h1 class="unseen">Billing</h1>
      ${said && html`<p class="notice-line" role="status">${said}</p>`}
      <div class="alert" role="alert" ${problem === null && html`hidden`}>${problem}</div>
      ${plans(visitor)} ${view.allows.methods && methods(visitor)} ${billing(visitor)}
      ${view.allows.invoices && invoices(visitor)}`,
  );
  return documentResponse({ title: `${view.businessName} · Billing`, body, room: 'portal' });
}

function section(id: string, title: string, content: Fragment): Markup {
  return html`<section class="portal-section" aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section>`;
}

function plans(visitor: PortalVisitor): Markup {
  const { subscriptions } = visitor.view;
  const content =
    subscriptions.length === 0
      ? html`<p class="portal-empty">You have no subscription.</p>`
      : subscriptions.map((subscription) => plan(visitor, subscription));
  return section('plan', subscriptions.length > 1 ? 'Current plans' : 'Current plan', content);
}

function plan({ path, view }: PortalVisitor, subscription: PortalSubscription): Markup {
  const { id, choices, canCancel, canResume, method, name, quantity } = subscription;
  const { badge, sentence } = stateOf(subscription);
  const canChange =
    view.allows.changePlan !== null && (choices.length > 0 || view.allows.changePlan.canChangeQuantity);
  return html`<article class="plan" aria-label="${name}">
    <div class="plan-facts">
      <h3>${name} ${badge && html`<span class="badge ${badge.tone}">${badge.word}</span>`}</h3>
      <p class="plan-price">${subscriptionPrice(subscription)}</p>
      <p class="muted">${sentence}</p>
      ${quantity > 1 && html`<p class="muted">Quantity ${quantity}</p>`}
      ${method && html`<p class="muted">Paid with ${methodName(method)}</p>`}
    </div>
    <div class="plan-acts">
      ${
        canResume &&
        html`<form method="post" action="${path}/resume/${id}">
          <button type="submit" class="primary">Don't cancel subscription</button>
        </form>`
      }
      ${canChange && html`<a class="primary" href="${path}/plans/${id}">Update subscription</a>`}
      ${canCancel && html`<a class="secondary" href="${path}/cancel/${id}">Cancel subscription</a>`}
    </div>
  </article>`;
}

function methods(visitor: PortalVisitor): Markup {
  const { path, view } = visitor;
  return section(
    'methods',
    'Payment methods',
    html`${
        view.methods.length === 0
          ? html`<p class="portal-empty">No payment method is saved.</p>`
          : html`<ul class="rows">
              ${view.methods.map((method) => methodRow(path, method))}
            </ul>`
      }
      <p><a class="secondary" href="${path}/methods/new">Add payment method</a></p>`,
  );
}

function methodRow(path: string, method: PortalMethod): Markup {
  const { expMonth, expYear, id, isDefault } = method;
  const name = methodName(method);
  const expiry =
    expMonth === null ? null : `Expires ${String(expMonth).padStart(2, '0')}/${String(expYear).slice(-2)}`;
  return html`<li class="row">
    <span class="row-name digits">${name} ${isDefault && html`<span class="badge idle">Default</span>`}</span>
    <span class="muted digits">${expiry}</span>
    <span class="row-acts">
      ${
        !isDefault &&
        html`<form method="post" action="${path}/methods/${id}/default">
          <button type="submit" class="link" aria-label="Make ${name} the default">Make default</button>
        </form>`
      }
      <a href="${path}/methods/${id}/remove" aria-label="Remove ${name}">Remove</a>
    </span>
  </li>`;
}

function billing({ path, view }: PortalVisitor): Markup {
  const { address, email, name, phone } = view.customer;
  const facts = [
    ['Name', [name ?? '']],
    ['Email', [email ?? '']],
    ['Billing address', address ? addressLines(address) : []],
    ['Phone', [phone ?? '']],
  ] as const;
  const known = facts.filter(([, lines]) => lines.some((line) => line !== ''));
  return section(
    'billing',
    'Billing information',
    html`${
      known.length === 0
        ? html`<p class="portal-empty">Nothing is known yet.</p>`
        : html`<dl class="facts">
            ${known.map(
              ([label, lines]) =>
                html`<div>
                  <dt>${label}</dt>
                  <dd>
                    ${lines
                      .filter((line) => line !== '')
                      .map((line, place) => html`${place > 0 && html`<br />`}${line}`)}
                  </dd>
                </div>`,
            )}
          </dl>`
    }
    ${
      view.allows.updates.length > 0 &&
      html`<p><a class="secondary" href="${path}/billing">Update information</a></p>`
    }`,
  );
}

const TONES: Partial<Record<string, string>> = { paid: 'ok', open: 'warn', uncollectible: 'bad' };

function invoices({ view }: PortalVisitor): Markup {
  if (view.invoices.length === 0) {
    return section(
      'invoices',
      'Invoice history',
      html`<p class="portal-empty">There are no invoices yet.</p>`,
    );
  }
  return section(
    'invoices',
    'Invoice history',
    html`<ul class="rows">
      ${view.invoices.map(invoiceRow)}
    </ul>`,
  );
}

function invoiceRow({ created, currency, description, number, status, total, url }: PortalInvoice): Markup {
  const href = safeHref(url);
  const date = longDate(created);
  const label = `Invoice ${number ?? ''} of ${date}`;
  return html`<li class="row invoice-row">
    <span class="row-name">${href ? html`<a href="${href}" aria-label="${label}">${date}</a>` : date}</span>
    <span class="muted row-text">${description}</span>
    <span class="amount">${formatAmount(total, currency)}</span>
    <span class="badge ${TONES[status ?? ''] ?? 'idle'}"
      >${(status ?? 'draft').charAt(0).toUpperCase()}${(status ?? 'draft').slice(1)}</span
    >
  </li>`;
}
