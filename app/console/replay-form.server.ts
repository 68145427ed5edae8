import * as z from 'zod';
import { REPLAY_INTENTS } from '~/components/console/event-acts';
import { jsonField } from './json-field.server';
import { selectionSchema } from '~/modules/webhooks/index.server';
import { MEND_REASONS } from '~/modules/webhooks/shared';
import { actFields } from './act-form.server';

const fields = actFields(MEND_REASONS);
export const replayForm = z.discriminatedUnion('intent', [
  z.object({
    ...{ intent: z.literal(REPLAY_INTENTS.start), ...fields, realm: z.string() },
    ...{ selection: z.pipe(jsonField, selectionSchema), how: z.enum(['dry', 'real']) },
  }),
  z.object({ intent: z.literal(REPLAY_INTENTS.cancel), ...fields, replay: z.string() }),
]);
