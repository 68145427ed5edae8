import { html, type Markup } from '../html';
import type { FieldId, FormValues } from './checkout-form';

export interface ChallengeState {
  readonly action: string;
  readonly open: boolean;
  readonly businessName: string;
  readonly amount: string;
  readonly values: FormValues;
}

/** What the form keeps after a failed challenge without scripts. The card is typed again: it is never sent back. */
const KEPT: readonly FieldId[] = ['email', 'billingName', 'billingCountry', 'billingPostalCode'];

/** The bank's question. Without scripts it opens by attribute; with them it becomes modal. */
export function challengeDialog({ action, open, businessName, amount, values }: ChallengeState): Markup {
  return html`<dialog
    id="challenge"
    class="challenge"
    aria-labelledby="challenge-title"
    aria-describedby="challenge-text"
    ${open && html`open`}
  >
    <form method="post" action="${action}">
      ${KEPT.map((id) => html`<input type="hidden" name="${id}" value="${values[id]}" />`)}
      <p class="challenge-bank">Sandbox Bank <span class="badge warn">3D Secure</span></p>
      <h2 id="challenge-title">Confirm that this is you</h2>
      <p id="challenge-text">
        ${businessName} asks for ${amount}. A bank would ask its customer here; in the sandbox you answer for
        it.
      </p>
      <div class="challenge-acts">
        <button type="submit" class="primary" name="answer" value="complete">Complete</button>
        <button type="submit" class="secondary" name="answer" value="fail">Fail</button>
      </div>
    </form>
  </dialog>`;
}
