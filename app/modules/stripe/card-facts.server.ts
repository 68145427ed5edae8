import * as z from 'zod';

import { ours, reference } from './fact-fields.server';
import { type CardFact, type CardSetupFact } from './shared';

const cardFields = z.object({
  brand: z.string(),
  last4: z.string(),
  exp_month: z.int(),
  exp_year: z.int(),
});

/** A payment method that is a card; undefined for one of another kind. */
export const card = z
  .object({
    object: z.literal('payment_method'),
    id: z.string(),
    metadata: ours,
    customer: reference,
    card: cardFields.nullish(),
  })
  .transform(({ id, metadata, customer, card: fields }): CardFact | undefined =>
    fields
      ? {
          kind: 'card',
          id,
          ours: metadata,
          stripeCustomer: customer,
          brand: fields.brand,
          last4: fields.last4,
          expMonth: fields.exp_month,
          expYear: fields.exp_year,
        }
      : undefined,
  );

/** Read with its payment method in it. */
export const cardSetup = z
  .object({
    object: z.literal('setup_intent'),
    id: z.string(),
    metadata: ours,
    status: z.string(),
    payment_method: card.nullish(),
  })
  .transform((raw): CardSetupFact => ({
    kind: 'card_setup',
    id: raw.id,
    ours: raw.metadata,
    isDone: raw.status === 'succeeded',
    card: raw.status === 'succeeded' ? (raw.payment_method ?? undefined) : undefined,
  }));
