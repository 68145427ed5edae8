import { describedBy, fieldError, selectField, textField, type FieldState } from '../fields';
import { html, type Fragment, type Markup } from '../html';
import { customFieldId, SAVE_FIELD, TERMS_FIELD } from './form-values';
import type { Order } from './wording';

type CustomField = Order['session']['custom_fields'][number];

function labelOf({ label, optional }: CustomField): string {
  return `${label.custom ?? ''}${optional ? ' (optional)' : ''}`;
}

/** What the seller asks beside the payment. */
export function customFields(view: Order, state: FieldState): Fragment {
  return view.session.custom_fields.map((field) => customField(field, state));
}

function customField(field: CustomField, state: FieldState): Markup {
  const id = customFieldId(field.key);
  const label = labelOf(field);
  if (field.type === 'dropdown') {
    const choices = field.dropdown?.options ?? [];
    return selectField(
      { id, label, choices: [{ value: '', label: 'Select' }, ...choices], attributes: html`` },
      state,
    );
  }
  const { minimum_length: least, maximum_length: most } =
    (field.type === 'numeric' ? field.numeric : field.text) ?? {};
  const attributes = html`autocomplete="off" ${field.type === 'numeric' && html`inputmode="numeric"`}
  ${least !== null && least !== undefined && html`minlength="${least}"`} maxlength="${most ?? 255}"`;
  return textField({ id, label, attributes }, state);
}

/** Whether a new card is kept for the customer's next visits. */
export function saveBox(isTicked: boolean): Markup {
  return html`<div class="terms new-method">
    <input type="checkbox" id="${SAVE_FIELD}" name="${SAVE_FIELD}" value="on" ${isTicked && html`checked`} />
    <label for="${SAVE_FIELD}">Save payment information for future purchases</label>
  </div>`;
}

/** The box of the terms, where the seller wants it ticked. */
export function termsBox(view: Order, isTicked: boolean, state: FieldState): Fragment {
  const { consent_collection: consent, custom_text: texts } = view.session;
  if (consent?.terms_of_service !== 'required') return null;
  const text =
    texts.terms_of_service_acceptance?.message ??
    `I agree to ${view.businessName}'s Terms of Service and Privacy Policy`;
  return html`<div class="terms">
    <input
      type="checkbox"
      id="${TERMS_FIELD}"
      name="${TERMS_FIELD}"
      value="on"
      ${isTicked && html`checked`}
      ${describedBy(TERMS_FIELD, state)}
    />
    <label for="${TERMS_FIELD}">${text}</label>
    ${fieldError(TERMS_FIELD, state)}
  </div>`;
}
