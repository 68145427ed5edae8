import * as z from 'zod';
import { REDACTION_REASONS } from '~/modules/customers/shared';
import { actFields } from './act-form.server';

export const redactionForm = z.object({ realmId: z.string().max(200), ...actFields(REDACTION_REASONS) });
