import { assertNever } from '~/platform/assert-never';
import { seconds } from '~/platform/time';

import { type CallKind, type EndingKind } from './call-kinds.server';
import { type CallObject, callObject } from './calls.server';
import { stripeClient, type StripeSettings } from './client.server';

const TIMEOUT = { timeout: seconds(8) };

export interface EndingCall {
  kind: EndingKind;
  target: string;
}

/** Whether a call ends something that stands at Stripe. */
export const endsTarget = <Call extends { kind: CallKind; target: string | null }>(
  call: Call,
): call is Call & EndingCall =>
  call.target !== null &&
  (call.kind === 'checkout_session.expire' ||
    call.kind === 'subscription.cancel' ||
    call.kind === 'payment_method.detach');

/**
 * What such a call was to end, when it has ended, by this call or otherwise; undefined while it goes on.
 * @throws StripeError when Stripe does not answer, or has no such object
 */
export async function findEnded(
  settings: StripeSettings,
  { kind, target }: EndingCall,
): Promise<CallObject | undefined> {
  const stripe = stripeClient(settings);
  switch (kind) {
    case 'checkout_session.expire': {
      const session = await stripe.checkout.sessions.retrieve(target, {}, TIMEOUT);
      return session.status === 'open' ? undefined : callObject.parse(session);
    }
    case 'subscription.cancel': {
      const subscription = await stripe.subscriptions.retrieve(target, {}, TIMEOUT);
      return subscription.status === 'canceled' ? callObject.parse(subscription) : undefined;
    }
    case 'payment_method.detach': {
      const method = await stripe.paymentMethods.retrieve(target, {}, TIMEOUT);
      return method.customer === null ? callObject.parse(method) : undefined;
    }
    default:
      return assertNever(kind);
  }
}
