import { readStatement } from '~/modules/ledger/index.server';
import { type Book } from '~/modules/ledger/shared';
import { type Db } from '~/platform/db.server';

import { latestPaymentsOf } from './list-payments.server';
import { type NoteView, type TimelineEntry } from './shared';
import { readActEntries, readAsked, readBackEntries } from './timeline-acts.server';
import { inOrder, readCallEntries, readMailEntries, readStateEntries, transfersOf } from './timeline.server';

/** How much of each kind is read, and how much is shown of all. */
const LATELY = 60;

/** The newest of everything that happened to a customer: payments, credits, staff acts, freezes, notes, mails, calls to Stripe. */
export async function readCustomerTimeline(
  db: Db,
  { customerId, book }: { customerId: string; book: Book },
): Promise<TimelineEntry[]> {
  const paymentIds = (await latestPaymentsOf(db, customerId)).map(({ id }) => id);
  const approvalIds = await readAsked(db, { about: { customerId }, take: LATELY });
  const newest = { order: 'desc', take: LATELY } as const;
  const [states, backs, mails, calls, lines, acts, notes] = await Promise.all([
    readStateEntries(db, { paymentIds, ...newest }),
    readBackEntries(db, { paymentIds, ...newest }),
    readMailEntries(db, { paymentIds, approvalIds, take: LATELY }),
    readCallEntries(db, { purposes: [customerId], ...newest }),
    readStatement(db, { book, customerId, take: LATELY }),
    readActEntries(db, { subjects: [customerId, ...approvalIds], ...newest }),
    readCustomerNotes(db, customerId),
  ]);
  const told = notes.map(({ id, author, text, createdAt }): TimelineEntry => ({
    ...{ kind: 'note', key: `note:${id}`, at: createdAt, author: author.name, text },
  }));
  // A note is told by itself.
  const others = acts.filter(({ act }) => act !== 'note.written');
  const transfers = transfersOf([...lines].reverse());
  return inOrder([...states, ...backs, ...mails, ...calls, ...transfers, ...others, ...told])
    .reverse()
    .slice(0, LATELY);
}

const MOST_NOTES = 200;

/** What staff wrote about a customer, newest first. */
export async function readCustomerNotes(db: Db, customerId: string): Promise<NoteView[]> {
  const rows = await db.staffNote.findMany({
    where: { customerId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: MOST_NOTES,
    select: { id: true, author: true, text: true, createdAt: true, redactedAt: true },
  });
  const people = await db.user.findMany({
    where: { id: { in: rows.map(({ author }) => author) } },
    take: MOST_NOTES,
    select: { id: true, name: true },
  });
  const names = new Map(people.map(({ id, name }) => [id, name]));
  return rows.map(({ author, ...note }) => ({
    ...note,
    author: { id: author, name: names.get(author) ?? author },
  }));
}
