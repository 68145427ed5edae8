import { html, type Fragment, type Markup } from '../html';
import type { PayField, PayInput } from '../../sandbox';
import { COUNTRIES } from './countries';
import { groupDigits, TEST_CARDS } from './test-cards';

/** The fields as the page names them; ids and names equal checkout.stripe.com's. */
export interface FormValues {
  readonly email: string;
  readonly cardNumber: string;
  readonly cardExpiry: string;
  readonly cardCvc: string;
  readonly billingName: string;
  readonly billingCountry: string;
  readonly billingPostalCode: string;
}

export type FieldId = keyof FormValues;

export const EMPTY_VALUES: FormValues = {
  email: '',
  cardNumber: '',
  cardExpiry: '',
  cardCvc: '',
  billingName: '',
  billingCountry: 'US',
  billingPostalCode: '',
};

export const FIELD_OF: Record<PayField, FieldId> = {
  email: 'email',
  cardNumber: 'cardNumber',
  expMonth: 'cardExpiry',
  expYear: 'cardExpiry',
  cvc: 'cardCvc',
  name: 'billingName',
  country: 'billingCountry',
  postalCode: 'billingPostalCode',
};

export interface FormProblem {
  /** Null: the message is about the payment as a whole. */
  readonly field: FieldId | null;
  readonly message: string;
}

export function readForm(form: URLSearchParams): FormValues {
  const read = (name: FieldId) => (form.get(name) ?? '').trim();
  return {
    email: read('email'),
    cardNumber: groupDigits(read('cardNumber')),
    cardExpiry: read('cardExpiry'),
    cardCvc: read('cardCvc'),
    billingName: read('billingName'),
    billingCountry: read('billingCountry') || 'US',
    billingPostalCode: read('billingPostalCode'),
  };
}

/** `12 / 34`, `12/2034` and `1234` all read as month 12 and a year. */
export function readExpiry(text: string): { month: string; year: string } {
  const [month = '', year = ''] = text.includes('/')
    ? text.split('/').map((part) => part.trim())
    : [text.slice(0, 2), text.slice(2)];
  return { month, year };
}

export function toPayInput(values: FormValues): PayInput {
  const { month, year } = readExpiry(values.cardExpiry);
  return {
    email: values.email,
    cardNumber: values.cardNumber.replace(/\D/g, ''),
    expMonth: month,
    expYear: year,
    cvc: values.cardCvc,
    name: values.billingName,
    country: values.billingCountry,
    postalCode: values.billingPostalCode,
  };
}

export interface FormState {
  readonly action: string;
  readonly values: FormValues;
  readonly lockedEmail: boolean;
  readonly problem: FormProblem | null;
  readonly payLabel: string;
}

interface TextField {
  readonly id: FieldId;
  readonly label: string;
  readonly attributes: Markup;
}

const CARD_NUMBER: TextField = {
  id: 'cardNumber',
  label: 'Card number',
  attributes: html`inputmode="numeric" autocomplete="cc-number" placeholder="1234 1234 1234 1234"
  maxlength="23"`,
};
const EXPIRATION: TextField = {
  id: 'cardExpiry',
  label: 'Expiration',
  attributes: html`inputmode="numeric" autocomplete="cc-exp" placeholder="MM / YY" maxlength="9"`,
};
const CVC: TextField = {
  id: 'cardCvc',
  label: 'CVC',
  attributes: html`inputmode="numeric" autocomplete="cc-csc" placeholder="123" maxlength="4"`,
};
const NAME: TextField = {
  id: 'billingName',
  label: 'Cardholder name',
  attributes: html`autocomplete="cc-name" placeholder="Full name on card" maxlength="150"`,
};

function fieldError(id: FieldId, problem: FormProblem | null): Markup {
  const message = problem?.field === id ? problem.message : '';
  return html`<p class="field-error" id="${id}-error" ${message === '' && html`hidden`}>${message}</p>`;
}

function invalidAttributes(id: FieldId, problem: FormProblem | null): Fragment {
  return problem?.field === id && html`aria-invalid="true" aria-describedby="${id}-error"`;
}

function textField({ id, label, attributes }: TextField, state: FormState, adornment?: Markup): Markup {
  return html`<div class="field">
    <label for="${id}">${label}</label>
    <div class="input-box">
      <input
        type="text"
        id="${id}"
        name="${id}"
        value="${state.values[id]}"
        ${attributes}
        ${invalidAttributes(id, state.problem)}
      />${adornment}
    </div>
    ${fieldError(id, state.problem)}
  </div>`;
}

function emailField(state: FormState): Markup {
  return html`<div class="field">
    <label for="email">Email</label>
    <div class="input-box">
      <input
        type="email"
        id="email"
        name="email"
        value="${state.values.email}"
        autocomplete="email"
        placeholder="you@example.com"
        maxlength="254"
        ${state.lockedEmail && html`readonly`}
        ${invalidAttributes('email', state.problem)}
      />
    </div>
    ${fieldError('email', state.problem)}
  </div>`;
}

function countryField(state: FormState): Markup {
  return html`<div class="field">
    <label for="billingCountry">Country or region</label>
    <div class="input-box select-box">
      <select id="billingCountry" name="billingCountry" autocomplete="billing country">
        ${COUNTRIES.map(
          ({ code, name }) =>
            html`<option value="${code}" ${code === state.values.billingCountry && html`selected`}>
              ${name}
            </option>`,
        )}
      </select>
    </div>
    ${fieldError('billingCountry', state.problem)}
  </div>`;
}

function postalField(state: FormState): Markup {
  const label = state.values.billingCountry === 'US' ? 'ZIP' : 'Postal code';
  const attributes = html`autocomplete="billing postal-code" maxlength="12"`;
  return textField({ id: 'billingPostalCode', label, attributes }, state);
}

/** The drawer's buttons submit the form too, so they fill a card without scripts. They must stand after Pay: the
 *  first submit button is the one that Enter presses. */
function testCardDrawer(action: string): Markup {
  return html`<details class="drawer" id="test-cards">
    <summary>Test cards</summary>
    <ul>
      ${TEST_CARDS.map(
        ({ key, title, number }) =>
          html`<li>
            <button
              type="submit"
              name="fill"
              value="${key}"
              formaction="${action}"
              formnovalidate
              data-number="${groupDigits(number)}"
            >
              <span>${title}</span><span class="digits">${groupDigits(number)}</span>
            </button>
          </li>`,
      )}
    </ul>
  </details>`;
}

export function checkoutForm(state: FormState): Markup {
  const message = state.problem && state.problem.field === null ? state.problem.message : '';
  return html`<form id="checkout" class="form" method="post" action="${state.action}" novalidate>
    ${emailField(state)}
    <fieldset class="card-fields">
      <legend>Card information</legend>
      ${textField(CARD_NUMBER, state, html`<span class="brand" id="cardBrand" aria-hidden="true"></span>`)}
      <div class="pair">${textField(EXPIRATION, state)}${textField(CVC, state)}</div>
      ${textField(NAME, state)}
    </fieldset>
    <div class="pair wide-first">${countryField(state)}${postalField(state)}</div>
    <div class="alert" id="checkout-alert" role="alert" ${message === '' && html`hidden`}>${message}</div>
    <button type="submit" class="primary" id="pay" data-label="${state.payLabel}">
      <span class="button-label">${state.payLabel}</span>
    </button>
    ${testCardDrawer(state.action)}
  </form>`;
}
