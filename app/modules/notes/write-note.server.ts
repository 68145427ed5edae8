import { appendAudit } from '~/modules/audit/index.server';
import { type Db, inTransaction } from '~/platform/db.server';

export interface WriteNoteInput {
  /** Made with the form. */
  noteId: string;
  customerId: string;
  /** A user's id. */
  author: string;
  text: string;
}

export type WriteNoteOutcome =
  /** It stands, by this click or by an earlier one of the same form. */
  | { outcome: 'written' }
  /** The id is another note's. */
  | { outcome: 'id_taken' }
  | { outcome: 'unknown_customer' };

/** Keeps a note of staff about a customer. Its words stand here alone: the audit says that it was written. */
export function writeNote(db: Db, { noteId: id, ...note }: WriteNoteInput): Promise<WriteNoteOutcome> {
  const { customerId, author, text } = note;
  return inTransaction(db, 'write note', async (tx) => {
    if ((await tx.customer.count({ where: { id: customerId } })) === 0)
      return { outcome: 'unknown_customer' };
    const { count } = await tx.staffNote.createMany({ data: [{ id, ...note }], skipDuplicates: true });
    if (count === 0) {
      const known = await tx.staffNote.findUniqueOrThrow({
        where: { id },
        select: { customerId: true, author: true, text: true },
      });
      const isSame = known.customerId === customerId && known.author === author && known.text === text;
      return { outcome: isSame ? 'written' : 'id_taken' };
    }
    await appendAudit(tx, { actor: author, act: 'note.written', subject: customerId, after: { note: id } });
    return { outcome: 'written' };
  });
}
