import { describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { redactNotes, writeNote } from './index.server';

const database = useTestDatabase();

const newCustomer = async () => {
  const id = newId('cst');
  await database.db.customer.create({ data: { id } });
  return id;
};
const noteOf = (customerId: string, change: Partial<Parameters<typeof writeNote>[1]> = {}) => ({
  ...{ noteId: newId('not'), customerId, author: 'usr_sam', text: 'Called back on Monday.' },
  ...change,
});

describe('a note', () => {
  it('sent twice at once is one note with one row of audit', async () => {
    const note = noteOf(await newCustomer());
    const answers = await Promise.all([writeNote(database.db, note), writeNote(database.db, note)]);
    expect(answers).toEqual([{ outcome: 'written' }, { outcome: 'written' }]);
    expect(await database.db.staffNote.count({ where: { customerId: note.customerId } })).toBe(1);
    const audit = await database.db.audit.findMany({ where: { subject: note.customerId }, take: 9 });
    expect(audit).toMatchObject([
      { actor: 'usr_sam', act: 'note.written', body: { after: { note: note.noteId } } },
    ]);
  });

  it('is never edited, moved or deleted, and its id is nobody else’s', async () => {
    const note = noteOf(await newCustomer());
    await writeNote(database.db, note);
    expect(await writeNote(database.db, { ...note, text: 'Other words.' })).toEqual({ outcome: 'id_taken' });
    const other = await newCustomer();
    expect(await writeNote(database.db, { ...note, customerId: other })).toEqual({ outcome: 'id_taken' });
    expect(await writeNote(database.db, noteOf(newId('cst')))).toEqual({ outcome: 'unknown_customer' });
    const change = (sql: string) => database.db.$executeRawUnsafe(`${sql} WHERE id = '${note.noteId}'`);
    for (const sql of [
      `UPDATE staff_note SET text = 'edited'`,
      `UPDATE staff_note SET author = 'usr_x'`,
      `DELETE FROM staff_note`,
    ])
      await expect(change(sql)).rejects.toThrow('staff_note refuses');
  });

  it('that is redacted says nothing from then on, and stays as who wrote it and when', async () => {
    const note = noteOf(await newCustomer());
    await writeNote(database.db, note);
    const redact = () => inTransaction(database.db, 'redact', (tx) => redactNotes(tx, note.customerId));
    expect(await redact()).toBe(1);
    expect(await redact()).toBe(0);
    const row = await database.db.staffNote.findUniqueOrThrow({ where: { id: note.noteId } });
    expect(row).toMatchObject({ text: '', author: 'usr_sam' });
    expect(row.redactedAt).not.toBeNull();
    await expect(
      database.db
        .$executeRaw`UPDATE staff_note SET text = 'back', redacted_at = NULL WHERE id = ${note.noteId}`,
    ).rejects.toThrow('staff_note refuses');
  });
});
