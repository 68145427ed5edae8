import type { PageResponse } from '../../sandbox';
import type { PortalCardInput, PortalMethod } from '../../sandbox-billing';
import { cardFields, nameField, regionFields } from '../checkout/card-fields';
import { fieldIdOf, readExpiry, type FormProblem, type FormValues } from '../checkout/form-values';
import { instrumentDrawer } from '../checkout/instrument-drawer';
import { challengeDialog } from '../checkout/challenge';
import type { FieldState } from '../fields';
import { html } from '../html';
import { sheetPage, type PortalVisitor } from './portal-frame';
import { methodName } from './portal-wording';

export interface CardFormState {
  readonly values: FormValues;
  readonly problem: FormProblem | null;
  /** The setup intent whose 3DS question waits for an answer. */
  readonly challenge: string | null;
}

const CARD_ONLY = ['card'] as const;

/** A new card, under the same ids as on the hosted page. */
export function addCardPage(visitor: PortalVisitor, state: CardFormState): PageResponse {
  const { path, view } = visitor;
  const { challenge, problem, values } = state;
  const texts = new Map<string, string>(
    Object.entries(values).flatMap(([id, value]) => (typeof value === 'string' ? [[id, value]] : [])),
  );
  const fields: FieldState = { value: (id) => texts.get(id) ?? '', problem };
  return sheetPage(visitor, {
    title: 'Add payment method',
    problem: problem !== null && problem.field === null ? problem.message : null,
    script: true,
    content: html`<form id="card" class="form" method="post" action="${path}/methods/new" novalidate>
        <fieldset class="card-fields">
          <legend>Card information</legend>
          ${cardFields(fields)}
        </fieldset>
        ${nameField('Cardholder name', fields)} ${regionFields(fields)}
        <button type="submit" class="primary">Add</button>
        <p class="agreement">
          By saving your payment information, you allow ${view.businessName} to charge you for future payments
          in accordance with their terms.
        </p>
        ${!view.session.livemode && instrumentDrawer(`${path}/methods/new`, CARD_ONLY)}
      </form>
      ${challengeDialog({
        action: `${path}/methods/challenge`,
        open: challenge !== null,
        businessName: view.businessName,
        amount: null,
        values,
        extra: { setupIntent: challenge ?? '' },
      })}`,
  });
}

export function readCard(values: FormValues): PortalCardInput {
  const { month, year } = readExpiry(values.cardExpiry);
  return {
    number: values.cardNumber.replace(/\D/g, ''),
    expMonth: month,
    expYear: year,
    cvc: values.cardCvc,
    name: values.billingName,
    country: values.billingCountry,
    postalCode: values.billingPostalCode,
  };
}

export function cardFieldId(field: keyof PortalCardInput): string {
  return field === 'number' ? 'cardNumber' : fieldIdOf(field);
}

export function removePage(
  visitor: PortalVisitor,
  method: PortalMethod,
  problem: string | null,
): PageResponse {
  return sheetPage(visitor, {
    title: 'Remove payment method',
    problem,
    content: html`<p class="sheet-lead digits">${methodName(method)}</p>
      <p class="muted">It can no longer be charged. What is paid with it needs another method.</p>
      <form class="form" method="post" action="${visitor.path}/methods/${method.id}/remove">
        <button type="submit" class="primary">Remove payment method</button>
      </form>`,
  });
}
