import * as z from 'zod';
import { REFUND_REASONS } from '~/modules/refunds/shared';
import { actFields } from './act-form.server';

export const refundForm = z.object({
  ...actFields(REFUND_REASONS),
  /** The preview's key: what was seen. */
  seen: z.string({ error: 'Look at the preview first.' }).max(200),
  /** Smallest units, as the preview had them. */
  amount: z
    .string()
    .regex(/^\d{1,18}$/)
    .transform(BigInt),
});
