import * as z from 'zod';
import { actFields } from '~/components/console/act-reply';
import { REPLAY_INTENTS } from '~/components/console/event-acts';
import { jsonField } from '~/components/console/json-field';
import { selectionSchema } from '~/modules/webhooks/index.server';
import { MEND_REASONS } from '~/modules/webhooks/shared';

const fields = actFields(MEND_REASONS);
export const replayForm = z.discriminatedUnion('intent', [
  z.object({
    ...{ intent: z.literal(REPLAY_INTENTS.start), ...fields, realm: z.string() },
    ...{ selection: z.pipe(jsonField, selectionSchema), how: z.enum(['dry', 'real']) },
  }),
  z.object({ intent: z.literal(REPLAY_INTENTS.cancel), ...fields, replay: z.string() }),
]);
