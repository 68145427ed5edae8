import * as z from 'zod';

import { type Tx } from '~/platform/db.server';
import { mentions, REDACTED, withoutMentions } from '~/platform/mentions';

/** Far above what was asked for about one customer. */
const MOST = 10_000;
const json = z.json();

/** Takes words that name a person out of closed requests about their wallet. @returns how many */
export async function eraseRequests(
  tx: Tx,
  { customerId, words }: { customerId: string; words: readonly string[] },
): Promise<number> {
  const closed = await tx.approval.findMany({
    where: { customerId, state: { not: 'open' }, redactedAt: null },
    select: { id: true, body: true, preview: true, comment: true },
    take: MOST,
  });
  const naming = closed.filter((row) => mentions(JSON.stringify(row), words));
  for (const { id, body, preview, comment } of naming)
    await tx.approval.update({
      where: { id },
      data: {
        body: withoutMentions(json.parse(body), words) ?? {},
        preview: withoutMentions(json.parse(preview), words) ?? {},
        comment: mentions(comment, words) ? REDACTED : comment,
        redactedAt: new Date(),
      },
      select: { id: true },
    });
  return naming.length;
}
