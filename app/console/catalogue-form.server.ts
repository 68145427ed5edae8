import * as z from 'zod/mini';
import { SETTING_REASONS } from '~/components/console/setting-reasons';
import { actFields } from './act-form.server';

const act = actFields(SETTING_REASONS);
const code = z.string({ error: 'Enter a code.' }).check(z.maxLength(64));
const text = z.optional(z.string());
const typed = {
  ...{ code, name: text, description: text, credits: text, expiresDays: text, position: text },
  ...{ trialDays: text, trialCredits: text, rollover: text, interval: text, prices: text },
};
export const catalogueForm = z.discriminatedUnion('intent', [
  z.object({ ...act, ...typed, intent: z.literal('create') }),
  z.object({
    ...{ ...act, ...typed, intent: z.literal('change'), kind: z.enum(['pack', 'plan']) },
    seen: z.string(),
  }),
  z.object({ ...act, intent: z.enum(['on_sale', 'off_sale']), code }),
  z.object({ ...act, intent: z.literal('sync') }),
]);
export type CatalogueAct = z.infer<typeof catalogueForm>;
