import { seconds } from '~/platform/time';

import { stripeClient, type StripeSettings } from './client.server';
import { type ObjectRef } from './shared';

const TIMEOUT = { timeout: seconds(8) };
const PAGE = { limit: 100 } as const;

/** The newest of a list, and whether there were more. */
export interface ListedAbout {
  refs: ObjectRef[];
  isCut: boolean;
}

/**
 * What this account has about a Stripe customer of ours, the newest first, `most` of each kind: payment pages, payments
 * and invoices, which also name the plans.
 * @throws StripeError when Stripe does not answer
 */
export async function listAboutCustomer(
  settings: StripeSettings,
  stripeCustomer: string,
  most: number,
): Promise<ListedAbout> {
  const stripe = stripeClient(settings);
  const of = { ...PAGE, customer: stripeCustomer };
  const listed = [
    await upTo(most, 'checkout.session', stripe.checkout.sessions.list(of, TIMEOUT)),
    await upTo(most, 'payment_intent', stripe.paymentIntents.list(of, TIMEOUT)),
    await upTo(most, 'invoice', stripe.invoices.list(of, TIMEOUT)),
  ];
  const made = listed.flatMap(({ made: some }) => some).sort((a, b) => b.created - a.created);
  return { refs: made.map(({ ref }) => ref), isCut: listed.some(({ isCut }) => isCut) };
}

interface Made {
  ref: ObjectRef;
  /** Unix seconds. */
  created: number;
}

/** Page by page, until the list ends or is long enough. */
async function upTo(
  most: number,
  object: ObjectRef['object'],
  list: AsyncIterable<{ id?: string; created: number }>,
): Promise<{ made: Made[]; isCut: boolean }> {
  const made: Made[] = [];
  for await (const { id, created } of list) {
    if (id === undefined) continue;
    if (made.length === most) return { made, isCut: true };
    made.push({ ref: { object, id }, created });
  }
  return { made, isCut: false };
}

/**
 * The disputes of a charge, which the charge itself does not name.
 * @throws StripeError when Stripe does not answer
 */
export async function listDisputesOf(settings: StripeSettings, chargeId: string): Promise<ObjectRef[]> {
  const disputes = await stripeClient(settings).disputes.list({ ...PAGE, charge: chargeId }, TIMEOUT);
  return disputes.data.map(({ id }) => ({ object: 'dispute', id }));
}
