import type Stripe from 'stripe';
import type { Refusal } from '../engine/cards';
import { judgeCard, type CardParam } from '../engine/judge-card';
import { judgeBank, type BankParam } from '../engine/methods/judge-bank';
import { createBankMethod, createCardMethod } from '../engine/payment-methods';
import { collectsMethod } from '../engine/session-sale';
import type { World } from '../engine/world';
import type { PayField, PayInput } from '../sandbox';
import type { SessionPayer } from '../store/records';

type Session = Stripe.Checkout.Session;

interface Invalid {
  outcome: 'invalid';
  field: PayField;
  message: string;
}

export type JudgedInput =
  | { outcome: 'with_method'; method: Stripe.PaymentMethod; payer: SessionPayer }
  /** The session asks for no payment method. */
  | { outcome: 'without_method'; payer: SessionPayer }
  | { outcome: 'refused'; refusal: Refusal }
  | Invalid;

const invalid = (field: PayField, message: string): Invalid => ({ outcome: 'invalid', field, message });

/** What was typed, from the top of the page to its end: the first thing that is wrong is told. */
export function judgePayInput(
  world: World,
  session: Session,
  input: PayInput,
  lockedEmail: string | null,
): JudgedInput {
  const email = lockedEmail ?? input.email.trim();
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) return invalid('email', 'Your email is invalid.');
  const name = input.name.trim() || null;
  const payer = payerOf(input, email, name);
  const wrongAnswer = judgeAnswers(session, input);
  if (!collectsMethod(session)) return wrongAnswer ?? { outcome: 'without_method', payer };
  const kind = input.method ?? 'card';
  if (name === null)
    return invalid('name', `Enter the name on your ${kind === 'card' ? 'card' : 'account'}.`);
  const typed = kind === 'card' ? typedCard(world, input) : typedAccount(world, input, kind);
  if (typed.outcome === 'invalid') return typed;
  if (wrongAnswer) return wrongAnswer;
  if (typed.outcome === 'refused') return typed;
  const { address } = payer;
  const method = typed.create({
    billingDetails: { address, email, name, phone: null, tax_id: null },
    metadata: {},
  });
  return { outcome: 'with_method', method, payer };
}

function payerOf(input: PayInput, email: string, name: string | null): SessionPayer {
  const address = {
    city: null,
    country: input.country.trim() || null,
    line1: null,
    line2: null,
    postal_code: input.postalCode.trim() || null,
    state: null,
  };
  return {
    email,
    name,
    address,
    ...(input.customFields !== undefined && { customFields: input.customFields }),
    ...(input.acceptsTerms !== undefined && { acceptsTerms: input.acceptsTerms }),
  };
}

interface Holder {
  billingDetails: Stripe.PaymentMethod.BillingDetails;
  metadata: Stripe.Metadata;
}

type TypedMethod =
  | { outcome: 'usable'; create: (holder: Holder) => Stripe.PaymentMethod }
  | Extract<JudgedInput, { outcome: 'invalid' | 'refused' }>;

const CARD_FIELDS: Record<CardParam, PayField> = {
  number: 'cardNumber',
  exp_month: 'expMonth',
  exp_year: 'expYear',
  cvc: 'cvc',
};

function typedCard(world: World, input: PayInput): TypedMethod {
  const judged = judgeCard(world, { ...input, number: input.cardNumber });
  if (judged.outcome === 'invalid') return invalid(CARD_FIELDS[judged.param], judged.message);
  if (judged.outcome === 'refused') return judged;
  const { behaviour, expMonth, expYear } = judged;
  return {
    outcome: 'usable',
    create: (holder) => createCardMethod(world, { ...holder, behaviour, expMonth, expYear }),
  };
}

const BANK_FIELDS: Record<BankParam, PayField> = {
  iban: 'iban',
  routing_number: 'routingNumber',
  account_number: 'accountNumber',
};

function typedAccount(
  world: World,
  { iban = '', routingNumber = '', accountNumber = '' }: PayInput,
  kind: 'sepa_debit' | 'us_bank_account',
): TypedMethod {
  const judged = judgeBank(
    world,
    kind === 'sepa_debit' ? { kind, iban } : { kind, routingNumber, accountNumber },
  );
  if (judged.outcome === 'invalid') return invalid(BANK_FIELDS[judged.param], judged.message);
  const { number } = judged;
  return { outcome: 'usable', create: (holder) => createBankMethod(world, { ...holder, kind, number }) };
}

/** What the seller asks beside the payment; a program that pays was asked nothing. */
function judgeAnswers(session: Session, { acceptsTerms, customFields }: PayInput): Invalid | undefined {
  for (const field of session.custom_fields) {
    const problem = customFields && problemOf(field, customFields[field.key] ?? '');
    if (problem !== undefined) return invalid(`customFields.${field.key}`, problem);
  }
  const wantsTerms = session.consent_collection?.terms_of_service === 'required';
  if (wantsTerms && acceptsTerms === false) {
    return invalid('acceptsTerms', 'Accept the terms of service to go on.');
  }
  return undefined;
}

function problemOf(field: Stripe.Checkout.Session.CustomField, value: string): string | undefined {
  if (value === '') return field.optional ? undefined : 'This field is required.';
  if (field.type === 'dropdown') {
    const isOption = field.dropdown?.options.some((option) => option.value === value);
    return isOption ? undefined : 'Choose one of the options.';
  }
  if (field.type === 'numeric' && !/^\d+$/.test(value)) return 'Use digits only.';
  const { minimum_length: least, maximum_length: most } =
    (field.type === 'numeric' ? field.numeric : field.text) ?? {};
  if (value.length < (least ?? 0)) return `Use at least ${least} characters.`;
  if (value.length > (most ?? 255)) return `Use at most ${most ?? 255} characters.`;
  return undefined;
}
