import type Stripe from 'stripe';
import * as z from 'zod';
import { judgeCard, type CardParam } from '../engine/judge-card';
import { cardOfAlias } from '../engine/methods/behaviours';
import { judgeBank, type TypedAccount } from '../engine/methods/judge-bank';
import { aliasExpiry, BLANK_BILLING, createBankMethod, createCardMethod } from '../engine/payment-methods';
import type { World } from '../engine/world';
import { addressParams, clearable, ignored, metadata, oneOf, text, unplayed } from './params';
import { invalid, missingReference, notPlayed, Refusal, missingParam } from './refusal';

export const billingParams = z.strictObject({
  address: clearable(addressParams).optional(),
  email: clearable(text()).optional(),
  name: clearable(text()).optional(),
  phone: clearable(text()).optional(),
  tax_id: clearable(text()).optional(),
});
type BillingParams = z.output<typeof billingParams>;

/** The details with what a request says of them; what it leaves out stays. */
export function billingWith(
  before: Stripe.PaymentMethod.BillingDetails,
  given: BillingParams | undefined,
): Stripe.PaymentMethod.BillingDetails {
  return {
    address: given?.address === undefined ? before.address : given.address,
    email: given?.email === undefined ? before.email : given.email,
    name: given?.name === undefined ? before.name : given.name,
    phone: given?.phone === undefined ? before.phone : given.phone,
    tax_id: given?.tax_id === undefined ? before.tax_id : given.tax_id,
  };
}

export const redisplayParam = oneOf(['always', 'limited', 'unspecified']);
export const holderTypeParam = oneOf(['company', 'individual']);
export const accountTypeParam = oneOf(['checking', 'savings']);

/** Types that are refused by their `type`; what a request says of them counts no more. */
const otherTypes = {
  acss_debit: ignored,
  au_becs_debit: ignored,
  bacs_debit: ignored,
  boleto: ignored,
  custom: ignored,
  eps: ignored,
  fpx: ignored,
  ideal: ignored,
  klarna: ignored,
  naver_pay: ignored,
  nz_bank_account: ignored,
  p24: ignored,
  payto: ignored,
  sofort: ignored,
  upi: ignored,
};

/** What makes a payment method, alone or inside a payment or setup. */
export const methodDataParams = z.strictObject({
  ...otherTypes,
  type: text(),
  allow_redisplay: redisplayParam.optional(),
  billing_details: billingParams.optional(),
  card: z
    .strictObject({
      token: text().optional(),
      number: text().optional(),
      exp_month: text().optional(),
      exp_year: text().optional(),
      cvc: text().optional(),
      networks: unplayed('the choice of a card network'),
    })
    .optional(),
  metadata: metadata().default({}),
  radar_options: ignored,
  sepa_debit: z.strictObject({ iban: text() }).optional(),
  us_bank_account: z
    .strictObject({
      account_holder_type: holderTypeParam.optional(),
      account_number: text(),
      account_type: accountTypeParam.optional(),
      financial_connections_account: unplayed('financial_connections_account'),
      routing_number: text(),
    })
    .optional(),
});
type MethodData = z.output<typeof methodDataParams>;

/** Makes the payment method that a request describes. `within` is the parameter that holds it, if any. */
export function createMethod(world: World, data: MethodData, within?: string): Stripe.PaymentMethod {
  const paramOf = (path: string): string => (within === undefined ? path : nestedParam(within, path));
  switch (data.type) {
    case 'card':
      return createCard(world, data, paramOf);
    case 'sepa_debit':
    case 'us_bank_account':
      return createBankAccount(world, data, paramOf);
    default:
      throw notPlayed(`payment methods of type ${data.type}`, paramOf('type'));
  }
}

/** `card[token]` within `payment_method_data` is `payment_method_data[card][token]`. */
function nestedParam(within: string, path: string): string {
  const [first = '', ...rest] = path.split('[');
  return [`${within}[${first}]`, ...rest].join('[');
}

type ParamOf = (path: string) => string;

function createCard(world: World, data: MethodData, paramOf: ParamOf): Stripe.PaymentMethod {
  const { card } = data;
  if (!card) throw missingParam(paramOf('card'));
  if (card.token !== undefined) {
    const behaviour = cardOfAlias(world, card.token);
    if (!behaviour) throw missingReference('token', card.token, paramOf('card[token]'));
    return createCardMethod(world, { behaviour, ...aliasExpiry(world), ...detailsOf(data) });
  }
  const judged = judgeCard(world, {
    number: card.number ?? '',
    expMonth: card.exp_month ?? '',
    expYear: card.exp_year ?? '',
    cvc: card.cvc ?? null,
  });
  if (judged.outcome === 'invalid') throw cardFault(judged);
  if (judged.outcome === 'refused') {
    const { code, message, declineCode } = judged.refusal;
    const detail = declineCode === null ? {} : { decline_code: declineCode };
    throw new Refusal(402, { type: 'card_error', code, message, ...detail });
  }
  const { behaviour, expMonth, expYear } = judged;
  return createCardMethod(world, { behaviour, expMonth, expYear, ...detailsOf(data) });
}

/** A card that cannot exist. */
function cardFault(fault: { code: string; message: string; param: CardParam }): Refusal {
  const { code, message, param } = fault;
  return new Refusal(402, { type: 'card_error', code, message, param });
}

function createBankAccount(world: World, data: MethodData, paramOf: ParamOf): Stripe.PaymentMethod {
  const account = accountOf(data, paramOf);
  const judged = judgeBank(world, account);
  if (judged.outcome === 'invalid') {
    const { code, message, param } = judged;
    throw invalid(message, { code, param: paramOf(`${account.kind}[${param}]`) });
  }
  const { kind, number } = judged;
  for (const field of kind === 'sepa_debit' ? (['name', 'email'] as const) : (['name'] as const)) {
    if (!data.billing_details?.[field]) throw missingParam(paramOf(`billing_details[${field}]`));
  }
  return createBankMethod(world, {
    kind,
    number,
    holderType: data.us_bank_account?.account_holder_type,
    accountType: data.us_bank_account?.account_type,
    ...detailsOf(data),
  });
}

function accountOf(data: MethodData, paramOf: ParamOf): TypedAccount {
  if (data.type === 'sepa_debit') {
    if (!data.sepa_debit) throw missingParam(paramOf('sepa_debit'));
    return { kind: 'sepa_debit', iban: data.sepa_debit.iban };
  }
  const bank = data.us_bank_account;
  if (!bank) throw missingParam(paramOf('us_bank_account'));
  return {
    kind: 'us_bank_account',
    routingNumber: bank.routing_number,
    accountNumber: bank.account_number,
  };
}

function detailsOf(data: MethodData) {
  return {
    billingDetails: billingWith(BLANK_BILLING, data.billing_details),
    metadata: data.metadata,
    allowRedisplay: data.allow_redisplay,
  };
}
