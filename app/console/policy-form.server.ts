import * as z from 'zod/mini';
import { SETTING_REASONS } from '~/components/console/setting-reasons';
import { mayRetainFor, RETAINED } from '~/modules/customers/shared';
import { actFields } from './act-form.server';

const act = actFields(SETTING_REASONS);
const DAYS = 'Enter whole days, 2 to 3650, or nothing.';
const spent = z.enum(['absorb', 'debt']);
/** Empty is nobody. */
const whole = (most: number) =>
  z.optional(
    z.coerce
      .number('Enter a whole number above zero, or nothing.')
      .check(
        z.int('Enter a whole number.'),
        z.minimum(1, 'Enter 1 or more, or nothing.'),
        z.maximum(most, 'That is too much.'),
      ),
  );
export const policyForm = z.discriminatedUnion('intent', [
  z.object({
    ...act,
    intent: z.literal('money_back'),
    realm: z.string().check(z.regex(/^rlm_\w+$/)),
    ...{ refund: spent, dispute: spent },
  }),
  z.object({
    ...act,
    intent: z.literal('notices'),
    book: z.enum(['test', 'live']),
    ...{ low: whole(1_000_000_000_000), days: whole(3650) },
  }),
  z.object({
    ...act,
    intent: z.literal('retention'),
    kind: z.enum(RETAINED),
    /** Empty is for good. */
    days: z.optional(z.coerce.number(DAYS).check(z.refine(mayRetainFor, DAYS))),
  }),
]);
export type PolicyAct = z.infer<typeof policyForm>;
