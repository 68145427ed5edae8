import * as z from 'zod';
import { REVIEW_REASONS } from '~/modules/webhooks/shared';
import { actFields } from './act-form.server';

export const reviewForm = z.object(actFields(REVIEW_REASONS));
