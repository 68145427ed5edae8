import { html, safeHref, type Markup } from './html';

const BACK_ARROW = html`<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
  <path d="M16 10H4m0 0 5-5m-5 5 5 5" fill="none" stroke="currentColor" stroke-width="1.75" />
</svg>`;

export interface Merchant {
  readonly businessName: string;
  /** Where the arrow leads; without it there is none. */
  readonly backTo: string | null;
  readonly livemode: boolean;
}

/** Who sells, the way back to them, and whether this is a test. */
export function merchantBar({ businessName, backTo, livemode }: Merchant): Markup {
  const back = safeHref(backTo);
  return html`<div class="merchant">
    ${back && html`<a class="back" href="${back}" aria-label="Back to ${businessName}">${BACK_ARROW}</a>`}
    <span class="monogram" aria-hidden="true">${[...businessName][0]?.toUpperCase()}</span>
    <span class="merchant-name">${businessName}</span>
    ${!livemode && html`<span class="badge warn">SANDBOX</span>`}
  </div>`;
}
