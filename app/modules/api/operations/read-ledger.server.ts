import * as z from 'zod';

import { readBalance, readStatementPage } from '~/modules/ledger/index.server';
import { type CustomerLine } from '~/modules/ledger/shared';
import { inSnapshot } from '~/platform/db.server';

import { findCustomer, named } from '../customers.server';
import { readOperation } from '../operation.server';
import { isoOrNull, plain } from '../plain';
import { answer } from '../reply.server';
import { ledgerAnswer } from '../answer-schemas.server';
import { customerRef, instant } from '../request-schemas.server';

const USUAL_LINES = 50;
const MOST_LINES = 500;

const digits = (example: string, most: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,15}$/, 'A whole number above zero.')
    .transform(Number)
    .pipe(z.int().max(most, `At most ${most}.`))
    .meta({ override: { type: 'integer', minimum: 1, maximum: most }, example });

export const readLedgerOperation = readOperation({
  id: 'readLedger',
  path: '/customers/{id}/ledger',
  summary: 'The lines of a customer’s ledger',
  description:
    'Newest first, each with the balance after it. Pages stay whole while lines are added: ask for the next one with `before`.',
  scope: 'ledger:read',
  params: z.strictObject({ id: customerRef }),
  query: z.strictObject({
    limit: digits('50', MOST_LINES)
      .optional()
      .meta({ description: `Lines of a page; ${USUAL_LINES} when left out.` }),
    before: digits('120', Number.MAX_SAFE_INTEGER)
      .optional()
      .meta({ description: 'The `next_before` of the page before: its lines come after that one.' }),
    at: instant.optional().meta({ description: 'The ledger as it was at that instant; now when left out.' }),
  }),
  answer: ledgerAnswer,
  refusals: ['not_found'],
  run: async ({ db, client: { book }, params, query, now }) => {
    const customer = await findCustomer(db, params.id);
    if (customer.outcome === 'problem') return customer;
    const of = { book, customerId: customer.customerId };
    const asOf = query.at ?? now;
    const take = query.limit ?? USUAL_LINES;
    const page = await inSnapshot(db, 'read ledger', async (tx) => {
      const { seq } = await readBalance(tx, query.at === undefined ? of : { ...of, at: asOf });
      const end = query.before === undefined ? seq + 1n : BigInt(query.before);
      const place = { from: 'older', seq: end > seq ? seq + 1n : end } as const;
      return readStatementPage(tx, { ...of, kinds: undefined, place, take });
    });
    return answer({
      object: 'list' as const,
      book,
      ...named(customer),
      as_of: asOf.toISOString(),
      data: page.lines.map(lineBody),
      has_more: page.older !== undefined,
      next_before: page.older === undefined ? null : plain(page.older),
    });
  },
});

const lineBody = (line: CustomerLine) => ({
  seq: plain(line.seq),
  transfer: line.transferId,
  kind: line.kind,
  from: line.from,
  to: line.to,
  amount: plain(line.moved),
  change: plain(line.amount),
  balance: {
    available: plain(line.availableAfter),
    held: plain(line.heldAfter),
    claimed: plain(line.claimedAfter),
    debt: plain(line.debtAfter),
  },
  lot:
    line.lot === null
      ? null
      : { id: line.lot.id, kind: line.lot.kind, expires_at: isoOrNull(line.lot.expiresAt) },
  payment: line.paymentId,
  hold: line.holdId,
  reason: line.reason,
  reverses: line.reverses?.transferId ?? null,
  reversed_by: line.reversedBy,
  occurred_at: line.occurredAt.toISOString(),
  recorded_at: line.recordedAt.toISOString(),
});
