import { textField, type FieldState } from '../fields';
import { html, type Fragment, type Markup } from '../html';
import { nameField, regionFields, streetFields } from './card-fields';
import { customFieldId, TEXT_FIELDS, type FormProblem, type FormValues } from './form-values';
import { instrumentDrawer } from './instrument-drawer';
import { methodFields } from './methods';
import { customFields, saveBox, termsBox } from './questions';
import { agreement, payLabel, type Order } from './wording';

export interface FormState {
  readonly action: string;
  readonly view: Order;
  readonly values: FormValues;
  readonly problem: FormProblem | null;
}

function fieldState({ values, problem }: FormState): FieldState {
  const texts = new Map<string, string>(TEXT_FIELDS.map((id) => [id, values[id]]));
  for (const [key, value] of Object.entries(values.customFields)) texts.set(customFieldId(key), value);
  return { value: (id) => texts.get(id) ?? '', problem };
}

function emailField(view: Order, state: FieldState): Markup {
  return textField(
    {
      id: 'email',
      label: 'Email',
      type: 'email',
      attributes: html`autocomplete="email" placeholder="you@example.com" maxlength="254"
      ${view.lockedEmail && html`readonly`}`,
    },
    state,
  );
}

function phoneField({ session }: Order, state: FieldState): Fragment {
  if (!session.phone_number_collection?.enabled) return null;
  return textField(
    {
      id: 'phoneNumber',
      label: 'Phone number',
      type: 'tel',
      attributes: html`autocomplete="tel" inputmode="tel" maxlength="30"`,
    },
    state,
  );
}

/** The label follows the chosen method, by CSS. */
const NAME_LABEL = html`<span class="for-card">Cardholder name</span
  ><span class="for-bank">Name on account</span>`;

function payment(form: FormState, state: FieldState): Fragment {
  const { view, values } = form;
  if (view.methods.length === 0) return null;
  const chosen = values.savedMethod ?? values.method;
  const seller = { businessName: view.businessName, button: payLabel(view) };
  return html`${methodFields({ ...state, methods: view.methods, saved: view.savedMethods, chosen }, seller)}
    <fieldset class="billing">
      <legend>Billing details</legend>
      ${nameField(NAME_LABEL, state)} ${view.wantsAddress && streetFields(state)} ${regionFields(state)}
    </fieldset>
    ${view.offersSaving && saveBox(values.savesMethod)}`;
}

function message(text: string | undefined): Fragment {
  return text !== undefined && html`<p class="agreement">${text}</p>`;
}

export function checkoutForm(form: FormState): Markup {
  const { action, problem, values, view } = form;
  const state = fieldState(form);
  const alert = problem !== null && problem.field === null ? problem.message : '';
  const label = payLabel(view);
  const agreed = agreement(view);
  const texts = view.session.custom_text;
  return html`<form id="checkout" class="form" method="post" action="${action}" novalidate>
    ${emailField(view, state)} ${phoneField(view, state)} ${payment(form, state)} ${customFields(view, state)}
    ${termsBox(view, values.acceptsTerms, state)} ${message(texts.submit?.message)}
    <div class="alert" id="checkout-alert" role="alert" ${alert === '' && html`hidden`}>${alert}</div>
    <button
      type="submit"
      class="primary SubmitButton"
      id="pay"
      data-testid="hosted-payment-submit-button"
      data-label="${label}"
    >
      <span class="button-label">${label}</span>
    </button>
    ${message(texts.after_submit?.message)} ${agreed !== null && message(agreed)}
    ${!view.session.livemode && instrumentDrawer(action, view.methods)}
  </form>`;
}
