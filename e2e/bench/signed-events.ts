import { createHmac, randomBytes } from 'node:crypto';
import Stripe from 'stripe';

import { type Message } from './send-for';

/** Stripe's objects have some sixty fields more than we read; what they hold does not matter here, their size does. */
export const REST = Object.fromEntries(
  Array.from({ length: 60 }, (_, n) => [`field_${n}`, 'a value of usual length']),
);

export function eventText(event: { id: string; type: string; object: object }): string {
  return JSON.stringify(
    {
      id: event.id,
      object: 'event',
      api_version: Stripe.API_VERSION,
      created: Math.floor(Date.now() / 1000),
      data: { object: event.object },
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      type: event.type,
    },
    null,
    2,
  );
}

/** Signed at this moment. */
export function signed(secret: string, text: string): Message {
  const body = Buffer.from(text);
  const t = String(Math.floor(Date.now() / 1000));
  const v1 = createHmac('sha256', secret).update(`${t}.`).update(body).digest('hex');
  return { body, headers: { 'stripe-signature': `t=${t},v1=${v1}` } };
}

/** Unique events of the size of a completed checkout session, each signed at the moment it is asked for. */
export function signedEvents(secret: string): () => Message {
  const session = {
    id: 'cs_test_bench',
    object: 'checkout.session',
    mode: 'payment',
    status: 'complete',
    payment_status: 'paid',
    amount_subtotal: 1000,
    amount_total: 1000,
    currency: 'usd',
    customer: 'cus_bench',
    payment_intent: 'pi_bench',
    metadata: { credence_payment: 'pay_bench', credence_realm: 'rlm_bench' },
    rest: REST,
  };
  const text = eventText({ id: 'evt_bench', type: 'checkout.session.completed', object: session });
  const run = randomBytes(4).toString('hex');
  let n = 0;
  return () => {
    n += 1;
    return signed(secret, text.replace('evt_bench', `evt_${run}${n}`));
  };
}
