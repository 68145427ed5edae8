import * as z from 'zod';
import { VIEW_INTENT } from '~/components/console/view-intents';
import { VIEW_LISTS, VIEW_NAME_MAX, VIEW_QUERY_MAX } from '~/modules/views/shared';

const NAME = 'Give it a name.';

export const viewForm = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal(VIEW_INTENT.save),
    list: z.enum(VIEW_LISTS),
    name: z
      .string({ error: NAME })
      .trim()
      .min(1, NAME)
      .max(VIEW_NAME_MAX, `Use at most ${String(VIEW_NAME_MAX)} characters.`),
    query: z
      .string({ error: 'Choose filters or columns first.' })
      .max(VIEW_QUERY_MAX, 'These are too many filters for one view.'),
  }),
  z.object({ intent: z.literal(VIEW_INTENT.remove), viewId: z.string().regex(/^viw_[0-9a-f]{32}$/) }),
]);
