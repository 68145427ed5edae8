import { type ObjectRef, type SessionFact, type StripeFact } from '~/modules/stripe/shared';

/**
 * A session as it stands. A delayed payment that the bank refused looks unpaid for ever: only its PaymentIntent tells.
 * @throws StripeError when Stripe does not answer
 */
export async function readSession(
  read: (ref: ObjectRef) => Promise<StripeFact | undefined>,
  id: string,
): Promise<SessionFact | undefined> {
  const session = await read({ object: 'checkout.session', id });
  if (session?.kind !== 'session') return undefined;
  if (session.intentId === undefined) return session;
  if (session.status !== 'complete' || session.paymentStatus !== 'unpaid') return session;
  const intent = await read({ object: 'payment_intent', id: session.intentId });
  const isRefused =
    intent?.kind === 'intent' &&
    (intent.status === 'requires_payment_method' || intent.status === 'canceled');
  return isRefused ? { ...session, paymentStatus: 'failed' } : session;
}
