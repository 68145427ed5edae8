import * as z from 'zod/mini';
import { SETTING_REASONS } from '~/components/console/setting-reasons';
import { ACTING_ROLES, STAFF_ACTS } from '~/modules/approvals/shared';
import { actFields } from './act-form.server';

export const limitForm = z.object({
  ...actFields(SETTING_REASONS),
  book: z.enum(['test', 'live']),
  role: z.enum(ACTING_ROLES),
  act: z.enum(STAFF_ACTS),
  unit: z
    .string()
    .check(z.toLowerCase(), z.regex(/^(credits|[a-z]{3})$/, 'Use credits, or a currency such as usd.')),
  ...{ perAct: z.string(), actorDay: z.string(), customerDay: z.string() },
});
export type LimitForm = z.infer<typeof limitForm>;
