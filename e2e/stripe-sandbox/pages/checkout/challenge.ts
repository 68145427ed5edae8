import { html, type Markup } from '../html';
import { TERMS_FIELD, customFieldId, METHOD_FIELD, type FormValues, type TextFieldId } from './form-values';

export interface ChallengeState {
  readonly action: string;
  readonly open: boolean;
  readonly businessName: string;
  /** null: a card is to be saved. */
  readonly amount: string | null;
  readonly values: FormValues;
  /** What the answer is sent with, beside. */
  readonly extra?: Readonly<Record<string, string>>;
}

/** What the form keeps after a failed challenge without scripts. The card is typed again: it is never sent back. */
const KEPT: readonly TextFieldId[] = ['email', 'billingName', 'billingCountry', 'billingPostalCode'];

function keptFields(values: FormValues): Array<[name: string, value: string]> {
  return [
    ...KEPT.map((id): [string, string] => [id, values[id]]),
    [METHOD_FIELD, values.method],
    ...(values.acceptsTerms ? [[TERMS_FIELD, 'on'] satisfies [string, string]] : []),
    ...Object.entries(values.customFields).map(([key, value]): [string, string] => [
      customFieldId(key),
      value,
    ]),
  ];
}

/** The bank's question. Its buttons bear the ids of Stripe's test bank. Without scripts it opens by attribute; with them it becomes modal. */
export function challengeDialog(state: ChallengeState): Markup {
  const { action, open, businessName, amount, values, extra = {} } = state;
  const kept = [...keptFields(values), ...Object.entries(extra)];
  return html`<dialog
    id="challenge"
    class="challenge"
    aria-labelledby="challenge-title"
    aria-describedby="challenge-text"
    ${open && html`open`}
  >
    <form method="post" action="${action}">
      ${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <p class="challenge-bank">Sandbox Bank <span class="badge warn">3D Secure</span></p>
      <h2 id="challenge-title">Confirm that this is you</h2>
      <p id="challenge-text">
        ${businessName} asks ${amount === null ? 'to save your card' : `for ${amount}`}. A bank would ask its
        customer here; in the sandbox you answer for it.
      </p>
      <div class="challenge-acts">
        <button type="submit" class="primary" id="test-source-authorize-3ds" name="answer" value="complete">
          Complete
        </button>
        <button type="submit" class="secondary" id="test-source-fail-3ds" name="answer" value="fail">
          Fail
        </button>
      </div>
    </form>
  </dialog>`;
}
