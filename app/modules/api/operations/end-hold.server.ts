import * as z from 'zod';

import { capture, readHold, release } from '~/modules/ledger/index.server';
import { type HoldState } from '~/modules/ledger/shared';
import { assertNever } from '~/platform/assert-never';

import { actBody } from '../balance-body.server';
import { ownerOf } from '../customers.server';
import { writeOperation } from '../operation.server';
import { plain } from '../plain';
import { keyReused } from '../refusals.server';
import { answer, problem } from '../reply.server';
import { captureAnswer, releaseAnswer } from '../answer-schemas.server';
import { credits, idOf, reason } from '../request-schemas.server';

const params = z.strictObject({ id: idOf('hld', 'a hold') });

export const captureHoldOperation = writeOperation({
  id: 'captureHold',
  path: '/holds/{id}/capture',
  summary: 'Spend what is held',
  description: 'All of it or a part, once; the rest is released in the same act.',
  scope: 'holds:write',
  params,
  body: z
    .strictObject({
      amount: credits
        .optional()
        .meta({ description: 'Credits; all that is held when left out.', example: 2 }),
      reason: reason.optional(),
    })
    .meta({ id: 'NewCapture' }),
  answer: captureAnswer,
  refusals: ['not_found', 'hold_not_active', 'capture_exceeds_hold'],
  run: async ({ db, client: { book }, params: { id }, body, act: { key, actor } }) => {
    const held = await readHold(db, { book, holdId: id });
    if (held === undefined) return noHold(id);
    // What a hold was made with never changes: the same request means the same amount for all time.
    const amount = body.amount === undefined ? held.amount : BigInt(body.amount);
    const done = await capture(db, {
      ...{ book, holdId: id, key, actor, amount },
      ...(body.reason !== undefined && { reason: body.reason }),
    });
    switch (done.outcome) {
      case 'captured':
      case 'replayed': {
        const captured = actBody(done, book, await ownerOf(db, done.walletId));
        return answer({ object: 'capture' as const, ...captured, hold: id }, done.outcome === 'replayed');
      }
      case 'too_much':
        return problem('capture_exceeds_hold', `${id} holds ${done.held} credits.`, {
          held: plain(done.held),
        });
      case 'not_found':
        return noHold(id);
      case 'not_active':
        return notActive(id, done.state);
      case 'key_reused':
        return keyReused();
      default:
        return assertNever(done);
    }
  },
});

export const releaseHoldOperation = writeOperation({
  id: 'releaseHold',
  path: '/holds/{id}/release',
  summary: 'Give held credits back',
  description: 'All of them, once. Those whose time was over meanwhile expire.',
  scope: 'holds:write',
  params,
  body: z.strictObject({ reason: reason.optional() }).meta({ id: 'NewRelease' }),
  answer: releaseAnswer,
  refusals: ['not_found', 'hold_not_active'],
  run: async ({ db, client: { book }, params: { id }, body, act: { key, actor } }) => {
    const done = await release(db, {
      ...{ book, holdId: id, key, actor },
      ...(body.reason !== undefined && { reason: body.reason }),
    });
    switch (done.outcome) {
      case 'released':
      case 'replayed': {
        const released = actBody(done, book, await ownerOf(db, done.walletId));
        return answer({ object: 'release' as const, ...released, hold: id }, done.outcome === 'replayed');
      }
      case 'not_found':
        return noHold(id);
      case 'not_active':
        return notActive(id, done.state);
      case 'key_reused':
        return keyReused();
      default:
        return assertNever(done);
    }
  },
});

const noHold = (id: string) => problem('not_found', `This book has no hold ${id}.`);

const notActive = (id: string, state: HoldState) =>
  problem('hold_not_active', `${id} is ${state}.`, { state });
