import type Stripe from 'stripe';
import type { Refusal } from '../engine/cards';
import { judgeCard, type CardParam } from '../engine/judge-card';
import { judgeBank, type BankParam } from '../engine/methods/judge-bank';
import { createBankMethod, createCardMethod } from '../engine/payment-methods';
import { collectsMethod } from '../engine/session-sale';
import type { World } from '../engine/world';
import type { PayField, PayInput } from '../sandbox';
import type { SessionPayer } from '../store/records';
import { wantsAddress } from './checkout-view';
import { offersSaving, redisplayOf, savedCards } from './saved-methods';

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

const SHORTEST_PHONE = 7;

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
  if (input.savedMethod !== undefined) {
    return wrongAnswer ?? ownMethod(world, session, input.savedMethod, payer);
  }
  const missing = missingLine(session, input);
  if (missing) return missing;
  const kind = input.method ?? 'card';
  if (name === null)
    return invalid('name', `Enter the name on your ${kind === 'card' ? 'card' : 'account'}.`);
  const typed = kind === 'card' ? typedCard(world, input) : typedAccount(world, input, kind);
  if (typed.outcome === 'invalid') return typed;
  if (wrongAnswer) return wrongAnswer;
  if (typed.outcome === 'refused') return typed;
  const { address } = payer;
  const savesMethod = input.savesMethod === true && kind === 'card' && offersSaving(world, session);
  const method = typed.create({
    billingDetails: { address, email, name, phone: payer.phone ?? null, tax_id: null },
    metadata: {},
    allowRedisplay: redisplayOf(world, session, savesMethod),
  });
  return { outcome: 'with_method', method, payer: { ...payer, savesMethod } };
}

const NOT_ALL = 'Your address is incomplete.';

/** Of an address that the page asks for line by line. */
function missingLine(session: Session, input: PayInput): Invalid | undefined {
  if (!wantsAddress(session)) return undefined;
  if (input.line1?.trim() === '') return invalid('line1', NOT_ALL);
  return input.city?.trim() === '' ? invalid('city', NOT_ALL) : undefined;
}

/** The customer is who the method says. */
function ownMethod(world: World, session: Session, id: string, payer: SessionPayer): JudgedInput {
  const method = savedCards(world, session).find((card) => card.id === id);
  if (!method) return invalid('savedMethod', 'Choose another payment method.');
  const { address, name } = method.billing_details;
  return { outcome: 'with_method', method, payer: { ...payer, address, name: name ?? payer.name } };
}

function payerOf(input: PayInput, email: string, name: string | null): SessionPayer {
  const address = {
    city: input.city?.trim() || null,
    country: input.country.trim() || null,
    line1: input.line1?.trim() || null,
    line2: null,
    postal_code: input.postalCode.trim() || null,
    state: input.state?.trim() || null,
  };
  return {
    email,
    name,
    address,
    ...(input.phone?.trim() && { phone: input.phone.trim() }),
    ...(input.customFields !== undefined && { customFields: input.customFields }),
    ...(input.acceptsTerms !== undefined && { acceptsTerms: input.acceptsTerms }),
  };
}

interface Holder {
  billingDetails: Stripe.PaymentMethod.BillingDetails;
  metadata: Stripe.Metadata;
  allowRedisplay: NonNullable<Stripe.PaymentMethod['allow_redisplay']>;
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
function judgeAnswers(
  session: Session,
  { acceptsTerms, customFields, phone }: PayInput,
): Invalid | undefined {
  if (session.phone_number_collection?.enabled && phone !== undefined && !isPhone(phone)) {
    return invalid('phone', 'Your phone number is incomplete.');
  }
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

function isPhone(text: string): boolean {
  return /^\+?[\d\s().-]+$/.test(text.trim()) && text.replace(/\D/g, '').length >= SHORTEST_PHONE;
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
