import { expect, test } from 'vitest';

import { selectionWords } from './replay-words';

test.each([
  [{ ids: ['evt_1'] }, 'One event'],
  [{ ids: ['evt_1', 'evt_2'] }, '2 events, picked'],
  [{ id: 'evt_1', run: 2 }, 'One event, as it was seen'],
  [{ dryRun: 'rpl_1' }, 'Those of a dry run'],
  [
    {
      status: ['dead', 'quarantined'],
      reason: 'unknown_price',
      names: 'price_1',
      type: 'invoice.paid',
      receivedFrom: '2026-11-01T00:00:00.000Z',
      receivedBefore: '2026-11-03T00:00:00.000Z',
    },
    'All dead, quarantined · because unknown price · about price_1 · invoice.paid · since 2026-11-01 · before 2026-11-03',
  ],
  [null, 'Events'],
])('the selection %j is told in words', (selection, words) => {
  expect(selectionWords(selection)).toBe(words);
});
