import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import type { CardBehaviour } from './cards';
import { happening } from './happening';
import { TEST_ROUTING_NUMBER, type DebitKind } from './methods/debits';
import { ibanParts } from './methods/iban-parts';
import { spend } from './methods/method-states';
import type { Cause, World } from './world';

type AllowRedisplay = NonNullable<Stripe.PaymentMethod['allow_redisplay']>;

interface MethodInput {
  billingDetails: Stripe.PaymentMethod.BillingDetails;
  metadata: Stripe.Metadata;
  allowRedisplay?: AllowRedisplay | undefined;
}

export interface CardInput extends MethodInput {
  behaviour: CardBehaviour;
  expMonth: number;
  expYear: number;
}

export interface BankInput extends MethodInput {
  kind: DebitKind;
  /** As `judgeBank` gives it. */
  number: string;
  /** Only told of accounts in the United States. */
  holderType?: 'company' | 'individual' | undefined;
  accountType?: 'checking' | 'savings' | undefined;
}

export const BLANK_BILLING: Stripe.PaymentMethod.BillingDetails = {
  address: null,
  email: null,
  name: null,
  phone: null,
  tax_id: null,
};

/** The expiry of a card that comes from an alias: a year ahead, as Stripe's own aliases have it. */
export function aliasExpiry(world: World): { expMonth: number; expYear: number } {
  const date = new Date(world.nowMs());
  return { expMonth: date.getUTCMonth() + 1, expYear: date.getUTCFullYear() + 1 };
}

/** Stores a new payment method; `pm_card_visa` and its like make a new one at each use. */
export function createCardMethod(world: World, input: CardInput): Stripe.PaymentMethod {
  const { behaviour } = input;
  const method = world.store.paymentMethods.put({
    ...blankMethod(world, input),
    card: {
      brand: behaviour.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: null },
      country: 'US',
      display_brand: behaviour.brand,
      exp_month: input.expMonth,
      exp_year: input.expYear,
      fingerprint: fingerprintOf(world, behaviour.number),
      funding: behaviour.funding,
      generated_from: null,
      last4: behaviour.number.slice(-4),
      networks: { available: [behaviour.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    type: 'card',
  });
  world.store.cards.put({ id: method.id, testCard: behaviour.number });
  return method;
}

/** Stores a bank account as a new payment method. It counts as verified. */
export function createBankMethod(world: World, input: BankInput): Stripe.PaymentMethod {
  const method = world.store.paymentMethods.put({
    ...blankMethod(world, input),
    ...(input.kind === 'sepa_debit'
      ? { sepa_debit: sepaAccount(world, input) }
      : { us_bank_account: usAccount(world, input) }),
    type: input.kind,
  });
  world.store.bankAccounts.put({ id: method.id, number: input.number });
  return method;
}

function sepaAccount(world: World, { number }: BankInput): Stripe.PaymentMethod.SepaDebit {
  return {
    ...ibanParts(number),
    fingerprint: fingerprintOf(world, number),
    generated_from: { charge: null, setup_attempt: null },
    last4: number.slice(-4),
  };
}

function usAccount(world: World, input: BankInput): Stripe.PaymentMethod.UsBankAccount {
  const [routingNumber = '', account = ''] = input.number.split('/');
  return {
    account_holder_type: input.holderType ?? 'individual',
    account_type: input.accountType ?? 'checking',
    bank_name: routingNumber === TEST_ROUTING_NUMBER ? 'STRIPE TEST BANK' : null,
    financial_connections_account: null,
    fingerprint: fingerprintOf(world, input.number),
    last4: account.slice(-4),
    networks: { preferred: 'ach', supported: ['ach'] },
    routing_number: routingNumber,
    status_details: {},
  };
}

function blankMethod(world: World, input: MethodInput) {
  return {
    id: world.ids.long('pm'),
    object: 'payment_method' as const,
    allow_redisplay: input.allowRedisplay ?? 'unspecified',
    billing_details: input.billingDetails,
    created: world.now(),
    customer: null,
    customer_account: null,
    livemode: world.livemode,
    metadata: input.metadata,
  };
}

/** The same card or account has the same fingerprint within a business. */
function fingerprintOf(world: World, number: string): string {
  return createHash('sha256').update(`${world.account.id}/${number}`).digest('base64url').slice(0, 16);
}

export function attachMethod(
  world: World,
  cause: Cause,
  method: Stripe.PaymentMethod,
  customer: string,
): Stripe.PaymentMethod {
  const attached = world.store.paymentMethods.put({ ...method, customer });
  world.publish(cause, [happening('payment_method.attached', attached)]);
  return attached;
}

/** A detached method cannot be used again; a customer whose default it was has none. */
export function detachMethod(
  world: World,
  cause: Cause,
  method: Stripe.PaymentMethod,
  owner: Stripe.Customer | undefined,
): Stripe.PaymentMethod {
  const detached = world.store.paymentMethods.put({ ...method, customer: null });
  spend(world, method.id);
  if (owner?.invoice_settings.default_payment_method === method.id) {
    world.store.customers.put({
      ...owner,
      invoice_settings: { ...owner.invoice_settings, default_payment_method: null },
    });
  }
  world.publish(cause, [happening('payment_method.detached', detached, { customer: method.customer })]);
  return detached;
}
