import { html, safeHref, type Fragment, type Markup } from '../html';
import { documentResponse } from '../layout';
import { merchantBar, type Merchant } from '../merchant-bar';
import type { PageResponse } from '../../sandbox';
import type { Order } from './wording';

type Shop = Pick<Order, 'businessName' | 'cancelUrl' | 'successUrl' | 'recoveryUrl'> & {
  readonly session: Pick<Order['session'], 'livemode' | 'mode'>;
};

interface Notice {
  readonly title: string;
  /** null: nobody knows whose page it would be. */
  readonly merchant: Merchant | null;
  readonly mark: Markup;
  readonly heading: string;
  readonly text: Fragment;
  readonly link?: { readonly href: string | undefined; readonly label: string };
  readonly status?: number;
}

export const DONE = html`<svg class="mark ok" viewBox="0 0 40 40" aria-hidden="true">
  <circle cx="20" cy="20" r="19" />
  <path d="m13 20.5 5 5 9.5-10.5" />
</svg>`;
export const CLOSED = html`<svg class="mark idle" viewBox="0 0 40 40" aria-hidden="true">
  <circle cx="20" cy="20" r="19" />
  <path d="M20 12v8.5l5.5 3.5" />
</svg>`;

/** A page that says one thing and leads on. */
export function noticePage(notice: Notice): PageResponse {
  const { heading, link, mark, merchant, text, title, status = 200 } = notice;
  const body = html`<main class="closed">
    ${
      merchant
        ? merchantBar(merchant)
        : html`<div class="merchant"><span class="badge warn">SANDBOX</span></div>`
    }
    <div class="notice">
      ${mark}
      <h1>${heading}</h1>
      <p>${text}</p>
      ${link?.href && html`<a class="secondary" href="${link.href}">${link.label}</a>`}
    </div>
  </main>`;
  return documentResponse({ title, body, room: 'checkout', status });
}

function shopOf({ businessName, session }: Shop): Merchant {
  return { businessName, backTo: null, livemode: session.livemode };
}

export function completedPage(view: Shop): PageResponse {
  const isSetup = view.session.mode === 'setup';
  return noticePage({
    title: `${view.businessName} · Complete`,
    merchant: shopOf(view),
    mark: DONE,
    heading: "You're all done here",
    text: isSetup
      ? 'Your payment details are saved.'
      : 'This checkout is complete. You will not be charged again.',
    link: { href: safeHref(view.successUrl), label: `Return to ${view.businessName}` },
  });
}

/** With recovery the customer starts again right here, else at the shop. */
export function expiredPage(view: Shop): PageResponse {
  const recovery = safeHref(view.recoveryUrl);
  return noticePage({
    title: `${view.businessName} · Expired`,
    merchant: shopOf(view),
    mark: CLOSED,
    heading: 'This checkout has expired',
    text: recovery
      ? 'The link no longer works and nothing was charged. Your order can be taken up again.'
      : 'The link no longer works and nothing was charged. Start again from the shop.',
    link: recovery
      ? { href: recovery, label: 'Start again' }
      : { href: safeHref(view.cancelUrl), label: `Return to ${view.businessName}` },
  });
}

export function unknownSessionPage(): PageResponse {
  return unknownPage({
    title: 'Checkout not found',
    heading: 'No such checkout session',
    text: 'The link is incomplete, or its session belongs to another sandbox data folder.',
  });
}

export function unknownPage(unknown: Pick<Notice, 'title' | 'heading' | 'text'>): PageResponse {
  return noticePage({ ...unknown, merchant: null, mark: CLOSED, status: 404 });
}
