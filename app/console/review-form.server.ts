import * as z from 'zod';
import { actFields } from '~/components/console/act-reply';
import { REVIEW_REASONS } from '~/modules/webhooks/shared';

export const reviewForm = z.object(actFields(REVIEW_REASONS));
