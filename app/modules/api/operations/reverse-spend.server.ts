import * as z from 'zod';

import { reverse } from '~/modules/ledger/index.server';
import { assertNever } from '~/platform/assert-never';

import { actBody } from '../balance-body.server';
import { ownerOf } from '../customers.server';
import { writeOperation } from '../operation.server';
import { keyReused } from '../refusals.server';
import { answer, problem } from '../reply.server';
import { reversalAnswer } from '../answer-schemas.server';
import { idOf, reason } from '../request-schemas.server';

export const reverseSpendOperation = writeOperation({
  id: 'reverseSpend',
  path: '/spends/{id}/reverse',
  summary: 'Take a spend back',
  description:
    'Whole and once: its credits return to where they came from. A capture is taken back the same way.',
  scope: 'spends:write',
  params: z.strictObject({ id: idOf('txf', 'a spend or a capture') }),
  body: z.strictObject({ reason: reason.optional() }).meta({ id: 'NewReversal' }),
  answer: reversalAnswer,
  refusals: ['not_found', 'not_reversible', 'already_reversed'],
  run: async ({ db, client: { book }, params, body, act: { key, actor } }) => {
    const done = await reverse(db, {
      ...{ book, transferId: params.id, key, actor },
      ...(body.reason !== undefined && { reason: body.reason }),
    });
    switch (done.outcome) {
      case 'reversed':
      case 'replayed': {
        const reversal = actBody(done, book, await ownerOf(db, done.walletId));
        return answer(
          { object: 'reversal' as const, ...reversal, reverses: params.id },
          done.outcome === 'replayed',
        );
      }
      case 'not_found':
        return problem('not_found', `This book has no spend ${params.id}.`);
      case 'not_reversible':
        return problem('not_reversible', `${params.id} is neither a spend nor a capture.`);
      case 'already_reversed':
        return problem('already_reversed', `${params.id} was taken back by ${done.transferId}.`, {
          reversal: done.transferId,
        });
      case 'key_reused':
        return keyReused();
      default:
        return assertNever(done);
    }
  },
});
