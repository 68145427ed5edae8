import type { PayMethod, SavedMethod } from '../../sandbox';
import { textField, type FieldState } from '../fields';
import { html, type Fragment, type Markup } from '../html';
import { cardFields } from './card-fields';
import { METHOD_FIELD } from './form-values';

interface MethodFace {
  readonly label: string;
  readonly note: string | null;
  fields(state: FieldState, seller: Seller): Markup;
}

export interface Seller {
  readonly businessName: string;
  /** What the button that agrees is called. */
  readonly button: string;
}

const IBAN_SHAPE = 'DE00 0000 0000 0000 0000 00';

const METHODS: Record<PayMethod, MethodFace> = {
  card: { label: 'Card', note: null, fields: cardFields },
  sepa_debit: {
    label: 'SEPA Direct Debit',
    note: 'Takes some days',
    fields: (state, seller) =>
      html`${textField(
        {
          id: 'iban',
          label: 'IBAN',
          attributes: html`autocomplete="off" autocapitalize="characters" spellcheck="false"
          placeholder="${IBAN_SHAPE}" maxlength="42"`,
        },
        state,
      )}
      ${sepaMandate(seller)}`,
  },
  us_bank_account: {
    label: 'US bank account',
    note: 'Takes some days',
    fields: (state, seller) =>
      html`<div class="pair">
          ${textField(
            {
              id: 'routingNumber',
              label: 'Routing number',
              attributes: html`inputmode="numeric" autocomplete="off" placeholder="9 digits" maxlength="11"`,
            },
            state,
          )}
          ${textField(
            {
              id: 'accountNumber',
              label: 'Account number',
              attributes: html`inputmode="numeric" autocomplete="off" maxlength="20"`,
            },
            state,
          )}
        </div>
        ${achMandate(seller)}`,
  },
};

function sepaMandate({ businessName }: Seller): Markup {
  return html`<p class="mandate">
    By providing your payment information and confirming this payment, you authorise (A) ${businessName} and
    Stripe, our payment service provider, to send instructions to your bank to debit your account and (B) your
    bank to debit your account in accordance with those instructions. You are entitled to a refund from your
    bank under the terms of your agreement with it, to be claimed within 8 weeks of the debit. You agree to
    receive notifications for future debits up to 2 days before they occur.
  </p>`;
}

function achMandate({ businessName, button }: Seller): Markup {
  return html`<p class="mandate">
    By clicking ${button}, you authorize ${businessName} to debit the bank account specified above for any
    amount owed for charges arising from your use of its services and purchase of its products, until this
    authorization is revoked.
  </p>`;
}

interface MethodChoice extends FieldState {
  readonly methods: readonly PayMethod[];
  readonly saved: readonly SavedMethod[];
  /** One of the methods, or the id of a saved one. */
  readonly chosen: string;
}

/**
 * The methods of the session: one stands alone, several are a radio accordion, which the customer's own ones head. Which one is open follows from the
 * checked radio by CSS alone.
 */
export function methodFields(choice: MethodChoice, seller: Seller): Markup {
  const { methods, chosen, saved } = choice;
  const [only] = methods;
  if (only !== undefined && methods.length === 1 && saved.length === 0) {
    const { label, fields } = METHODS[only];
    return html`<fieldset class="card-fields">
      <legend>${only === 'card' ? 'Card information' : label}</legend>
      <input type="hidden" name="${METHOD_FIELD}" value="${only}" />
      ${fields(choice, seller)}
    </fieldset>`;
  }
  return html`<fieldset class="methods">
    <legend>Payment method</legend>
    ${saved.map((one) => savedItem(one, one.id === chosen))}
    ${methods.map((method) => methodItem(method, method === chosen, METHODS[method].fields(choice, seller)))}
  </fieldset>`;
}

function savedItem({ expires, id, label }: SavedMethod, isChosen: boolean): Markup {
  const field = `${METHOD_FIELD}-${id}`;
  return html`<div class="method" data-testid="saved-${id}">
    <label class="method-head" for="${field}">
      <input
        type="radio"
        class="own-method"
        id="${field}"
        name="${METHOD_FIELD}"
        value="${id}"
        ${isChosen && html`checked`}
      />
      <span class="method-label">${label}</span><span class="method-note">${expires}</span>
    </label>
  </div>`;
}

/** The radio's id and the label's test id are checkout.stripe.com's. */
function methodItem(method: PayMethod, isChosen: boolean, fields: Fragment): Markup {
  const { label, note } = METHODS[method];
  const id = `${METHOD_FIELD}-${method}`;
  return html`<div class="method" data-testid="${method}-accordion-item">
    <label class="method-head" data-testid="${method}-accordion-item-button" for="${id}">
      <input type="radio" id="${id}" name="${METHOD_FIELD}" value="${method}" ${isChosen && html`checked`} />
      <span class="method-label">${label}</span>${note && html`<span class="method-note">${note}</span>`}
    </label>
    <div class="method-fields">${fields}</div>
  </div>`;
}
