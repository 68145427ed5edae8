import type Stripe from 'stripe';
import type { PageResponse } from '../../sandbox';
import type { PortalCustomerInput, PortalUpdate, PortalView } from '../../sandbox-billing';
import { COUNTRIES } from '../checkout/countries';
import { selectField, textField, type FieldState } from '../fields';
import { html, type Fragment } from '../html';
import { sheetPage, type PortalVisitor } from './portal-frame';

const ADDRESS_FIELDS = [
  ['line1', 'Address line 1', html`autocomplete="billing address-line1" maxlength="200"`],
  ['line2', 'Address line 2', html`autocomplete="billing address-line2" maxlength="200"`],
  ['city', 'City', html`autocomplete="billing address-level2" maxlength="100"`],
  ['state', 'State or province', html`autocomplete="billing address-level1" maxlength="100"`],
  ['postal_code', 'ZIP or postal code', html`autocomplete="billing postal-code" maxlength="12"`],
] as const;

const COUNTRY_CHOICES = [
  { value: '', label: 'Select' },
  ...COUNTRIES.map(({ code, name }) => ({ value: code, label: name })),
];

export function billingPage(
  visitor: PortalVisitor,
  typed: URLSearchParams | null,
  problem: string | null,
): PageResponse {
  const { path, view } = visitor;
  const known = knownTexts(view.customer);
  const state: FieldState = { value: (id) => typed?.get(id) ?? known.get(id) ?? '', problem: null };
  return sheetPage(visitor, {
    title: 'Billing information',
    problem,
    content: html`<form class="form" method="post" action="${path}/billing" novalidate>
      ${view.allows.updates.map((update) => fieldsOf(update, state))}
      <button type="submit" class="primary">Save</button>
    </form>`,
  });
}

function knownTexts({ address, email, name, phone }: Stripe.Customer): Map<string, string> {
  const texts: Array<[string, string | null | undefined]> = [
    ['name', name],
    ['email', email],
    ['phone', phone],
    ['country', address?.country],
    ...ADDRESS_FIELDS.map(([id]): [string, string | null | undefined] => [id, address?.[id]]),
  ];
  return new Map(texts.map(([id, text]) => [id, text ?? '']));
}

function fieldsOf(update: PortalUpdate, state: FieldState): Fragment {
  switch (update) {
    case 'name':
      return textField(
        { id: 'name', label: 'Name', attributes: html`autocomplete="name" maxlength="150"` },
        state,
      );
    case 'email':
      return textField(
        {
          id: 'email',
          label: 'Email',
          type: 'email',
          attributes: html`autocomplete="email" maxlength="254"`,
        },
        state,
      );
    case 'phone':
      return textField(
        {
          id: 'phone',
          label: 'Phone',
          attributes: html`inputmode="tel" autocomplete="tel" maxlength="20"`,
        },
        state,
      );
    case 'address':
      return html`<fieldset class="card-fields">
        <legend>Billing address</legend>
        ${selectField(
          {
            id: 'country',
            label: 'Country or region',
            choices: COUNTRY_CHOICES,
            attributes: html`autocomplete="billing country"`,
          },
          state,
        )}
        ${ADDRESS_FIELDS.map(([id, label, attributes]) => textField({ id, label, attributes }, state))}
      </fieldset>`;
    // The portal shows no fields for these.
    case 'shipping':
    case 'tax_id':
      return null;
  }
}

/** Only what the seller lets the customer change. */
export function readCustomer({ allows }: PortalView, form: URLSearchParams): PortalCustomerInput {
  const text = (id: string): string => (form.get(id) ?? '').trim();
  const part = (id: string): string | null => text(id) || null;
  return {
    ...(allows.updates.includes('name') && { name: text('name') }),
    ...(allows.updates.includes('email') && { email: text('email') }),
    ...(allows.updates.includes('phone') && { phone: text('phone') }),
    ...(allows.updates.includes('address') && {
      address: {
        city: part('city'),
        country: part('country'),
        line1: part('line1'),
        line2: part('line2'),
        postal_code: part('postal_code'),
        state: part('state'),
      },
    }),
  };
}
