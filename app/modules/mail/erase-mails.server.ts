import { type Tx } from '~/platform/db.server';
import { REDACTED } from '~/platform/mentions';

const BLANK = { recipient: REDACTED, subject: REDACTED, text: '', html: '', lastError: null };

/**
 * Takes recipient and words out of every mail to, or about, these addresses. What still waits to be sent is given up: its
 * recipient is gone. That a mail was sent, when and why stays.
 * @returns how many
 */
export async function eraseMails(tx: Tx, { emails }: { emails: readonly string[] }): Promise<number> {
  const held = emails.flatMap((email) => [
    { recipient: { equals: email, mode: 'insensitive' as const } },
    ...(['subject', 'text', 'html', 'lastError'] as const).map((part) => ({
      [part]: { contains: email, mode: 'insensitive' as const },
    })),
  ]);
  if (held.length === 0) return 0;
  const redacted = { ...BLANK, redactedAt: new Date() };
  const where = { OR: held };
  const waiting = await tx.mail.updateMany({
    where: { state: 'queued', ...where },
    data: { ...redacted, state: 'failed' },
  });
  const over = await tx.mail.updateMany({ where, data: redacted });
  return waiting.count + over.count;
}

const PAGE = 1000;

/**
 * Takes recipient and words out of the oldest mails that were written before a time and wait for nothing more.
 * @returns how many: a full page when there may be more
 */
export async function retireMails(tx: Tx, before: Date): Promise<{ redacted: number; isMore: boolean }> {
  const due = await tx.mail.findMany({
    where: { createdAt: { lt: before }, redactedAt: null, state: { not: 'queued' } },
    select: { id: true },
    take: PAGE,
  });
  const { count } = await tx.mail.updateMany({
    where: { id: { in: due.map(({ id }) => id) }, state: { not: 'queued' } },
    data: { ...BLANK, redactedAt: new Date() },
  });
  return { redacted: count, isMore: due.length === PAGE };
}
