import { type Tx } from '~/platform/db.server';

/**
 * Takes the product's id of a customer out of the messages about them, and the product's answers to those. Ids of ours,
 * credits and times stay.
 * @returns how many rows lost something
 */
export async function eraseMessages(tx: Tx, { customerId }: { customerId: string }): Promise<number> {
  const messages = await tx.$executeRaw`
    UPDATE message SET data = data || '{"external_id": null}'
    WHERE customer = ${customerId} AND data ->> 'external_id' IS NOT NULL`;
  const answers = await tx.$executeRaw`
    UPDATE sending_try t SET answer = NULL, redacted_at = clock_timestamp()
    FROM sending s JOIN message m ON m.id = s.message
    WHERE s.id = t.sending AND m.customer = ${customerId} AND t.answer IS NOT NULL`;
  return messages + answers;
}

const PAGE = 1000;

/**
 * Takes the answers out of the oldest tries that were made before a time.
 * @returns how many: a full page when there may be more
 */
export async function retireAnswers(
  tx: Tx,
  span: { from: Date; before: Date },
): Promise<{ redacted: number; isMore: boolean }> {
  const redacted = await tx.$executeRaw`
    UPDATE sending_try t SET answer = NULL, redacted_at = clock_timestamp()
    FROM (SELECT sending, n FROM sending_try WHERE at >= ${span.from} AND at < ${span.before} AND redacted_at IS NULL LIMIT ${PAGE}) due
    WHERE t.sending = due.sending AND t.n = due.n`;
  return { redacted, isMore: redacted === PAGE };
}
