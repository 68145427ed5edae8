import { expect, it } from 'vitest';

import { REFUND_STATUSES } from '~/modules/refunds/shared';

import { MESSAGES } from './messages.server';

it('tells of a refund in every status that it can have, and no other', () => {
  expect(MESSAGES['refund.updated'].shape.status.options).toEqual(REFUND_STATUSES);
});
