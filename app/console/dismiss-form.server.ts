import * as z from 'zod';
import { DISMISS_INTENT } from '~/components/console/event-acts';
import { jsonField } from './json-field.server';
import { DISMISS_REASONS } from '~/modules/webhooks/shared';
import { actFields } from './act-form.server';

/** As many as a list shows on one page, twice. */
const MOST = 100;
const seen = z.strictObject({ realmId: z.string(), eventId: z.string(), run: z.int() });
export const dismissForm = z.object({
  ...{ intent: z.literal(DISMISS_INTENT), ...actFields(DISMISS_REASONS) },
  events: z.pipe(jsonField, z.array(seen).min(1).max(MOST)),
});
