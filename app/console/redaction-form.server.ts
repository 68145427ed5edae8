import * as z from 'zod';
import { actFields } from '~/components/console/act-reply';
import { REDACTION_REASONS } from '~/modules/customers/shared';

export const redactionForm = z.object({ realmId: z.string().max(200), ...actFields(REDACTION_REASONS) });
