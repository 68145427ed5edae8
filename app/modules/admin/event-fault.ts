import * as z from 'zod';

/** Types whose object says why the money did not move. */
export const SPEAKS_OF_FAULT: ReadonlySet<string> = new Set([
  'charge.failed',
  'payment_intent.canceled',
  'payment_intent.payment_failed',
]);

const sentence = z.string().nullish();
const body = z.object({
  data: z.object({
    object: z.object({
      last_payment_error: z.object({ message: sentence }).nullish(),
      failure_message: sentence,
    }),
  }),
});

/** Stripe's sentence for the cardholder in an event's body, as far as it holds one. */
export function faultOf(payload: string): string | null {
  const parsed = body.safeParse(JSON.parse(payload));
  if (!parsed.success) return null;
  const { last_payment_error: error, failure_message: failure } = parsed.data.data.object;
  return error?.message ?? failure ?? null;
}
