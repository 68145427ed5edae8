import { html, type Markup } from '../html';
import { selectField, textField, type FieldState, type TextField } from '../fields';
import { COUNTRIES } from './countries';

const CARD_NUMBER: TextField = {
  id: 'cardNumber',
  label: 'Card number',
  attributes: html`inputmode="numeric" autocomplete="cc-number" placeholder="1234 1234 1234 1234"
  maxlength="23"`,
  adornment: html`<span class="brand" id="cardBrand" aria-hidden="true"></span>`,
};
const EXPIRATION: TextField = {
  id: 'cardExpiry',
  label: 'Expiration',
  attributes: html`inputmode="numeric" autocomplete="cc-exp" placeholder="MM / YY" maxlength="9"`,
};
const CVC: TextField = {
  id: 'cardCvc',
  label: 'CVC',
  attributes: html`inputmode="numeric" autocomplete="cc-csc" placeholder="CVC" maxlength="4"`,
};

/** Number, expiration and security code, under the ids that checkout.stripe.com gives them. */
export function cardFields(state: FieldState): Markup {
  return html`${textField(CARD_NUMBER, state)}
    <div class="pair">${textField(EXPIRATION, state)}${textField(CVC, state)}</div>`;
}

export function nameField(label: TextField['label'], state: FieldState): Markup {
  const attributes = html`autocomplete="cc-name" placeholder="Full name" maxlength="150"`;
  return textField({ id: 'billingName', label, attributes }, state);
}

/** Where the seller wants the whole address. */
export function streetFields(state: FieldState): Markup {
  const line = (id: string, label: string, autocomplete: string): Markup =>
    textField({ id, label, attributes: html`autocomplete="billing ${autocomplete}" maxlength="200"` }, state);
  return html`${line('billingAddressLine1', 'Address line 1', 'address-line1')}
    <div class="pair">
      ${line('billingLocality', 'City', 'address-level2')}
      ${line('billingAdministrativeArea', 'State or region', 'address-level1')}
    </div>`;
}

const COUNTRY_CHOICES = COUNTRIES.map(({ code, name }) => ({ value: code, label: name }));

/** Country and postal code, side by side. */
export function regionFields(state: FieldState): Markup {
  const country = selectField(
    {
      id: 'billingCountry',
      label: 'Country or region',
      attributes: html`autocomplete="billing country"`,
      choices: COUNTRY_CHOICES,
    },
    state,
  );
  const label = state.value('billingCountry') === 'US' ? 'ZIP' : 'Postal code';
  const attributes = html`autocomplete="billing postal-code" maxlength="12"`;
  const postal = textField({ id: 'billingPostalCode', label, attributes }, state);
  return html`<div class="pair wide-first">${country}${postal}</div>`;
}
