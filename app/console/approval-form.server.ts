import * as z from 'zod/mini';
import { DECISION } from '~/components/console/approval-decision';
import { APPROVE_REASONS, DECLINE_REASONS } from '~/modules/approvals/shared';
import { actFields } from './act-form.server';

export const approveForm = z.object({
  intent: z.literal(DECISION.approve),
  seq: z.pipe(
    z.string().check(z.regex(/^\d{1,18}$/)),
    z.transform((text: string) => BigInt(text)),
  ),
  ...actFields(APPROVE_REASONS),
});
export const declineForm = z.object({ intent: z.literal(DECISION.decline), ...actFields(DECLINE_REASONS) });
