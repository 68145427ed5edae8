import * as z from 'zod';

import { OFFLINE_CHANNELS } from './shared';

const whole = z.string().regex(/^\d{1,18}$/);

/** What a second person is asked for, as the request keeps it. */
export const offlineBody = z.object({
  kind: z.literal('offline'),
  realmId: z.string(),
  customerId: z.string(),
  versionId: z.string().nullable(),
  quantity: z.int(),
  credits: whole,
  amount: whole,
  currency: z.string(),
  channel: z.enum(OFFLINE_CHANNELS),
  reference: z.string(),
  /** Of the dialog that asked. */
  key: z.string(),
});
export type OfflineBody = z.infer<typeof offlineBody>;
