import { type Tx } from '~/platform/db.server';

/** Takes the words out of all notes about a customer; who wrote them and when stays. Answers how many were redacted. */
export async function redactNotes(tx: Tx, customerId: string): Promise<number> {
  const { count } = await tx.staffNote.updateMany({
    where: { customerId, redactedAt: null },
    data: { text: '', redactedAt: new Date() },
  });
  return count;
}
