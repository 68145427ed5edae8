import { html, safeHref, type Fragment, type Markup } from '../html';
import { documentResponse } from '../layout';
import type { PageResponse } from '../../sandbox';
import { merchantBar } from '../merchant-bar';
import type { Order } from './wording';

type Shop = Pick<Order, 'businessName' | 'cancelUrl' | 'successUrl' | 'recoveryUrl'> & {
  readonly session: Pick<Order['session'], 'livemode' | 'mode'>;
};

interface Notice {
  readonly mark: Markup;
  readonly title: string;
  readonly text: Fragment;
  readonly link?: { readonly href: string | undefined; readonly label: string };
}

const DONE = html`<svg class="mark ok" viewBox="0 0 40 40" aria-hidden="true">
  <circle cx="20" cy="20" r="19" />
  <path d="m13 20.5 5 5 9.5-10.5" />
</svg>`;
const CLOSED = html`<svg class="mark idle" viewBox="0 0 40 40" aria-hidden="true">
  <circle cx="20" cy="20" r="19" />
  <path d="M20 12v8.5l5.5 3.5" />
</svg>`;

function notice({ mark, title, text, link }: Notice): Markup {
  return html`<div class="notice">
    ${mark}
    <h1>${title}</h1>
    <p>${text}</p>
    ${link?.href && html`<a class="secondary" href="${link.href}">${link.label}</a>`}
  </div>`;
}

export function completedPage(view: Shop): PageResponse {
  const body = html`<main class="closed">
    ${merchantBar({ businessName: view.businessName, backTo: null, livemode: view.session.livemode })}
    ${notice({
      mark: DONE,
      title: "You're all done here",
      text:
        view.session.mode === 'setup'
          ? 'Your payment details are saved.'
          : 'This checkout is complete. You will not be charged again.',
      link: { href: safeHref(view.successUrl), label: `Return to ${view.businessName}` },
    })}
  </main>`;
  return documentResponse({ title: `${view.businessName} · Complete`, body, room: 'checkout' });
}

/** With recovery the customer starts again right here, else at the shop. */
export function expiredPage(view: Shop): PageResponse {
  const recovery = safeHref(view.recoveryUrl);
  const shop = { href: safeHref(view.cancelUrl), label: `Return to ${view.businessName}` };
  const body = html`<main class="closed">
    ${merchantBar({ businessName: view.businessName, backTo: null, livemode: view.session.livemode })}
    ${notice({
      mark: CLOSED,
      title: 'This checkout has expired',
      text: recovery
        ? 'The link no longer works and nothing was charged. Your order can be taken up again.'
        : 'The link no longer works and nothing was charged. Start again from the shop.',
      link: recovery === undefined ? shop : { href: recovery, label: 'Start again' },
    })}
  </main>`;
  return documentResponse({ title: `${view.businessName} · Expired`, body, room: 'checkout' });
}

export function unknownSessionPage(): PageResponse {
  return unknownPage({
    title: 'Checkout not found',
    heading: 'No such checkout session',
    text: 'The link is incomplete, or its session belongs to another sandbox data folder.',
  });
}

interface Unknown {
  readonly title: string;
  readonly heading: string;
  readonly text: string;
}

export function unknownPage({ title, heading, text }: Unknown): PageResponse {
  const body = html`<main class="closed">
    <div class="merchant"><span class="badge warn">SANDBOX</span></div>
    ${notice({ mark: CLOSED, title: heading, text })}
  </main>`;
  return documentResponse({ title, body, room: 'checkout', status: 404 });
}
