import type Stripe from 'stripe';
import { randomText } from '../../ids';
import type { World } from '../world';
import type { DebitKind } from './debits';

/** How the holder of a bank account agreed to be debited. */
export type Acceptance = Stripe.Mandate.CustomerAcceptance;

/** The mandate that a payment method may be debited with again. */
export function standingMandate(world: World, methodId: string): Stripe.Mandate | undefined {
  return world.store.mandates
    .where('payment_method', methodId)
    .find(({ status, type }) => status === 'active' && type === 'multi_use');
}

export interface MandateInput {
  methodId: string;
  kind: DebitKind;
  acceptance: Acceptance;
  /** The one payment that it is for; null: any later one. */
  singleUse: Stripe.Mandate.SingleUse | null;
}

export function createMandate(world: World, input: MandateInput): Stripe.Mandate {
  const id = world.ids.long('mandate');
  const details =
    input.kind === 'sepa_debit'
      ? {
          sepa_debit: {
            reference: randomText(16).toUpperCase(),
            url: `${world.origin}/mandates/${world.livemode ? 'live' : 'test'}/${id}`,
          },
        }
      : { us_bank_account: {} };
  return world.store.mandates.put({
    id,
    object: 'mandate',
    customer_acceptance: input.acceptance,
    livemode: world.livemode,
    payment_method: input.methodId,
    payment_method_details: { ...details, type: input.kind },
    ...(input.singleUse === null ? { multi_use: {} } : { single_use: input.singleUse }),
    status: 'active',
    type: input.singleUse === null ? 'multi_use' : 'single_use',
  });
}

/** Agreed on a hosted page. */
export function acceptedOnline(world: World): Acceptance {
  return {
    accepted_at: world.now(),
    online: { ip_address: '127.0.0.1', user_agent: 'Hosted page' },
    type: 'online',
  };
}
