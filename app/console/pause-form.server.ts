import * as z from 'zod/mini';
import { PAUSABLE_WORK, PAUSE_REASONS } from '~/modules/pauses/shared';
import { actFields } from './act-form.server';

export const pauseForm = z.object({
  ...actFields(PAUSE_REASONS),
  intent: z.enum(['pause', 'resume']),
  book: z.enum(['test', 'live']),
  work: z.enum(PAUSABLE_WORK),
});
