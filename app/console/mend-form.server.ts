import * as z from 'zod';
import { MEND_INTENTS } from '~/components/console/event-acts';
import { MEND_REASONS } from '~/modules/webhooks/shared';
import { actFields } from './act-form.server';

const count = z.coerce.number().pipe(z.int());
const act = {
  ...actFields(MEND_REASONS),
  ...{ realm: z.string(), event: z.string(), run: count },
  customer: z.string({ error: 'Choose the customer.' }),
  version: z.string({ error: 'Choose what it is.' }),
};
const { customer, version, ...common } = act;
/** `others`: how many wait for the same thing, to be replayed with it. */
const mend = { ...common, others: count.default(0), code: z.string().default('') };
export const mendForm = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal(MEND_INTENTS.price), ...mend, stripePrice: z.string(), version }),
  z.object({ intent: z.literal(MEND_INTENTS.customer), ...mend, stripeCustomer: z.string(), customer }),
  z.object({
    ...{ intent: z.literal(MEND_INTENTS.assign), ...common, customer, version },
    quantity: z.coerce.number().pipe(z.int().min(1, 'At least one.').max(100, 'At most 100.')).default(1),
  }),
]);
export type Asked = z.infer<typeof mendForm>;
