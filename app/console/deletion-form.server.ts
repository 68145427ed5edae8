import * as z from 'zod';
import { CALL_OFF, DELETE } from '~/components/console/deletion-intents';
import { DELETION_REASONS } from '~/modules/customers/shared';
import { actFields } from './act-form.server';

export const deletionForm = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal(DELETE),
    confirmation: z.string('Type it as it stands above.').max(400),
    ...actFields(DELETION_REASONS),
  }),
  z.object({ intent: z.literal(CALL_OFF), ...actFields(DELETION_REASONS) }),
]);
