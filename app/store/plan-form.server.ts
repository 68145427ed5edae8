import * as z from 'zod/mini';
import { PLAN_INTENTS } from '~/modules/subscriptions/shared';

const code = z.string().check(z.regex(/^[\w-]{1,64}$/));
const currency = z.string().check(z.regex(/^[a-z]{3}$/));
const subscription = z.string().check(z.regex(/^sbs_[0-9a-f]{32}$/));

/** What a customer asks on the plan page. */
export const planForm = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('start'),
    plan: code,
    currency,
    order: z.optional(z.string().check(z.regex(/^sbo_[0-9a-f]{32}$/))),
  }),
  z.object({ intent: z.literal(PLAN_INTENTS.cancel), subscription }),
  z.object({ intent: z.literal(PLAN_INTENTS.resume), subscription }),
  z.object({ intent: z.literal(PLAN_INTENTS.change), subscription, plan: code, currency }),
  z.object({ intent: z.literal(PLAN_INTENTS.portal), subscription: z.optional(subscription) }),
]);
export type PlanForm = z.infer<typeof planForm>;
