import * as z from 'zod/mini';
import { AUTO_REPAIR_REASONS, LEAVE_REASONS, REPAIR_REASONS } from '~/modules/reconciliation/shared';
import { actFields } from './act-form.server';

export const findingForm = z.discriminatedUnion('intent', [
  z.object({ ...actFields(REPAIR_REASONS), intent: z.literal('repair') }),
  z.object({ ...actFields(LEAVE_REASONS), intent: z.literal('dismiss') }),
]);

export const autoRepairForm = z.object({
  ...actFields(AUTO_REPAIR_REASONS),
  intent: z.enum(['switch_on', 'switch_off']),
});
