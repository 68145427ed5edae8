import * as z from 'zod/mini';
import { SETTING_REASONS } from '~/components/console/setting-reasons';
import { SETTLEMENT_RULES } from '~/modules/payments/shared';
import { actFields } from './act-form.server';

const SHARE = 'Enter whole percent, 0 to 100.';
const act = { ...actFields(SETTING_REASONS), realm: z.string().check(z.regex(/^rlm_\w+$/)) };

export const settlementForm = z.discriminatedUnion('intent', [
  z.object({
    ...act,
    intent: z.literal('try'),
    /** Empty ends the comparison. */
    candidate: z.optional(z.enum(SETTLEMENT_RULES)),
    percentage: z.coerce.number(SHARE).check(z.int(SHARE), z.minimum(0, SHARE), z.maximum(100, SHARE)),
  }),
  z.object({ ...act, intent: z.literal('promote') }),
  z.object({ ...act, intent: z.literal('roll_back') }),
]);
export type SettlementForm = z.infer<typeof settlementForm>;
