import * as z from 'zod';
import { EXPORT_REASONS } from '~/modules/incidents/shared';
import { actFields } from './act-form.server';

export const incidentForm = z.object({
  about: z.string().regex(/^(pay|cst|evt)_\w{1,250}$/, 'This names no payment, customer or event.'),
  ...actFields(EXPORT_REASONS),
});
