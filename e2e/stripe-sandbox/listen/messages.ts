import * as z from 'zod';
import type { Parcel } from './listeners';

/** What the CLI sends. Messages of other types are not for us. */
const incomingSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('event_ack'), webhook_conversation_id: z.string() }),
  z.object({
    type: z.literal('webhook_response'),
    webhook_conversation_id: z.string(),
    status: z.int(),
    body: z.string(),
  }),
]);
export type Incoming = z.infer<typeof incomingSchema>;

export function readMessage(text: string): Incoming | undefined {
  try {
    return incomingSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** A parcel as the CLI wants it: one message for each copy, with the headers that it is to pass on. */
export function webhookMessages(conversationId: string, webhookId: string, parcel: Parcel): string[] {
  return parcel.copies.map(({ body, signature, apiVersion }) =>
    JSON.stringify({
      type: 'webhook_event',
      event_payload: body,
      http_headers: {
        Accept: '*/*; q=0.5, application/xml',
        'Cache-Control': 'no-cache',
        'Content-Type': 'application/json; charset=utf-8',
        'Stripe-Signature': signature,
        'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      },
      endpoint: { api_version: apiVersion },
      webhook_conversation_id: conversationId,
      webhook_id: webhookId,
    }),
  );
}
