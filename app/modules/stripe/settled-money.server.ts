import * as z from 'zod';

/** Settled money that an event tells of, in the currency's smallest unit, and whose it is by what the object says. */
export interface SettledInEvent {
  amount: bigint;
  currency: string;
  /** Our customer in its metadata. */
  customerId: string | undefined;
  stripeCustomer: string | undefined;
}

/** The types of events that can settle money: while one of them is not processed, somebody who paid may wait for credits. */
export const SETTLING_EVENT_TYPES: ReadonlySet<string> = new Set([
  'charge.succeeded',
  'checkout.session.async_payment_succeeded',
  'checkout.session.completed',
  'invoice.paid',
  'invoice.payment_succeeded',
  'payment_intent.succeeded',
]);

const maybe = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);
const payload = z.object({
  data: z.object({
    object: z.object({
      payment_status: maybe(z.string()),
      amount_total: maybe(z.int()),
      amount_received: maybe(z.int()),
      amount_paid: maybe(z.int()),
      amount: maybe(z.int()),
      currency: maybe(z.string()),
      customer: maybe(z.string()),
      metadata: maybe(z.record(z.string(), z.string())),
    }),
  }),
});

/**
 * Reads it leniently, for it is asked of events that the fact translator could not take, of any API version. Undefined
 * when the event tells of no settled money.
 */
export function settledInEvent(event: { type: string; payload: string }): SettledInEvent | undefined {
  if (!SETTLING_EVENT_TYPES.has(event.type)) return undefined;
  const parsed = payload.safeParse(JSON.parse(event.payload));
  if (!parsed.success) return undefined;
  const { object } = parsed.data.data;
  if (object.payment_status === 'unpaid') return undefined;
  const amount = object.amount_total ?? object.amount_received ?? object.amount_paid ?? object.amount ?? 0;
  if (amount <= 0 || object.currency === undefined) return undefined;
  return {
    amount: BigInt(amount),
    currency: object.currency.toLowerCase(),
    customerId: object.metadata?.['credence_customer'],
    stripeCustomer: object.customer,
  };
}
