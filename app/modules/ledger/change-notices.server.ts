import { appendAudit, type Author } from '~/modules/audit/index.server';
import { type Tx } from '~/platform/db.server';

import { type NoticeSettings, readNotices, setNotices } from './notices.server';
import { type Book } from './shared';

export interface ChangeNoticesOutcome {
  outcome: 'changed' | 'unchanged';
  after: NoticeSettings;
}

/** Sets what a book tells its customers of from now on, and audits it. */
export async function changeNotices(
  tx: Tx,
  book: Book,
  settings: Partial<NoticeSettings>,
  author: Author,
): Promise<ChangeNoticesOutcome> {
  const before = await readNotices(tx, book);
  const after = { ...before, ...settings };
  if (after.lowBalance === before.lowBalance && after.expiryNoticeDays === before.expiryNoticeDays)
    return { outcome: 'unchanged', after };
  await setNotices(tx, book, settings);
  const change = { before: { ...before }, after: { ...after } };
  await appendAudit(tx, { ...author, act: 'ledger.notices_set', subject: `book:${book}`, ...change });
  return { outcome: 'changed', after };
}
