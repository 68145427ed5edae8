import type { Paper } from '../../sandbox';
import { merchantBar } from '../merchant-bar';
import { html, type Markup } from '../html';
import type { Fact } from './wording';

/** One sheet under the merchant's name. */
export function paperFrame(
  { businessName, livemode }: Pick<Paper, 'businessName'> & { livemode: boolean },
  content: Markup,
): Markup {
  return html`<main class="paper">
    ${merchantBar({ businessName, backTo: null, livemode })}
    <article class="sheet">${content}</article>
    <p class="footnote">Local Stripe sandbox. No real money moved.</p>
  </main>`;
}

export function factRows(facts: readonly Fact[]): Markup {
  return html`<dl class="facts">
    ${facts.map(
      ({ label, text }) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${text}</dd>
        </div>`,
    )}
  </dl>`;
}
