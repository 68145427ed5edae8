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
 * What this account has about a Stripe customer of ours, the newest `most` of each kind: payment pages, payments and
 * invoices, which also name the plans.
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
  return { refs: listed.flatMap(({ refs }) => refs), isCut: listed.some(({ isCut }) => isCut) };
}

/** Page by page, until the list ends or is long enough. */
async function upTo(
  most: number,
  object: ObjectRef['object'],
  list: AsyncIterable<{ id?: string }>,
): Promise<ListedAbout> {
  const refs: ObjectRef[] = [];
  for await (const { id } of list) {
    if (id === undefined) continue;
    if (refs.length === most) return { refs, isCut: true };
    refs.push({ object, id });
  }
  return { refs, isCut: false };
}

/**
 * The disputes of a charge, which the charge itself does not name.
 * @throws StripeError when Stripe does not answer
 */
export async function listDisputesOf(settings: StripeSettings, chargeId: string): Promise<ObjectRef[]> {
  const disputes = await stripeClient(settings).disputes.list({ ...PAGE, charge: chargeId }, TIMEOUT);
  return disputes.data.map(({ id }) => ({ object: 'dispute', id }));
}
