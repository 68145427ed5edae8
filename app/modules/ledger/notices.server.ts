import * as z from 'zod';

import { layOutMail, type MailContent, queueMail } from '~/modules/mail/index.server';
import { assertNever } from '~/platform/assert-never';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { formatCredits } from '~/platform/money';
import { utcDay } from '~/platform/time';

import { type Book } from './shared';

const rows = z.array(
  z.object({
    id: z.string(),
    kind: z.enum(['low', 'depleted', 'expiring']),
    threshold: z.bigint(),
    available: z.bigint(),
    at: z.date(),
    recipient: z.string().nullable(),
    name: z.string().nullable(),
    /** Whether the book wants this kind told. */
    isWanted: z.boolean(),
    /** What can still be spent of the lot that expires; null for the other kinds. */
    left: z.bigint().nullable(),
    expiresAt: z.date().nullable(),
  }),
);

type Crossing = z.infer<typeof rows>[number];

/**
 * Tells customers by mail what their wallets crossed, once per crossing: the mail is queued in the transaction that marks
 * it told, and several workers pass over what another one has in hand. What a book does not want told, has no address to
 * go to, or came to nothing meanwhile is marked without a mail. Answers how many were marked.
 */
export async function tellCrossings(db: Db, appUrl: string): Promise<number> {
  for (let total = 0; ; total += 1) {
    const told = await inTransaction(db, 'tell a crossing', (tx) => tellNext(tx, appUrl));
    if (!told) return total;
  }
}

async function tellNext(tx: Tx, appUrl: string): Promise<boolean> {
  const found = await tx.$queryRaw`
    SELECT c.id, c.kind::text AS kind, c.threshold, c.available, c.at, u.email AS recipient, u.name,
      CASE c.kind WHEN 'expiring' THEN b.expiry_notice_days IS NOT NULL ELSE b.low_balance IS NOT NULL END AS "isWanted",
      CASE WHEN l.expires_at > ledger_now() THEN l.available END AS "left", l.expires_at AS "expiresAt"
    FROM crossing c JOIN wallet w ON w.id = c.wallet JOIN book b ON b.id = w.book JOIN customer u ON u.id = w.customer
      LEFT JOIN lot l ON l.id = c.lot
    WHERE c.told_at IS NULL
    ORDER BY c.at, c.id LIMIT 1
    FOR UPDATE OF c SKIP LOCKED`;
  const [crossing] = rows.parse(found);
  if (crossing === undefined) return false;
  const mail = crossing.isWanted ? write(crossing, appUrl) : undefined;
  if (mail !== undefined && crossing.recipient !== null) {
    const { subject, ...content } = mail;
    await queueMail(tx, {
      cause: `crossing:${crossing.id}`,
      kind: `ledger.${crossing.kind}`,
      recipient: crossing.recipient,
      subject,
      ...layOutMail(content),
    });
  }
  await tx.$executeRaw`UPDATE crossing SET told_at = ledger_now() WHERE id = ${crossing.id}`;
  return true;
}

/** Undefined when what it would say holds no more. */
function write(crossing: Crossing, appUrl: string): (MailContent & { subject: string }) | undefined {
  const greeting = crossing.name === null ? 'Hello,' : `Hello ${crossing.name},`;
  const when = `${crossing.at.toISOString().slice(0, 16).replace('T', ', ')} UTC`;
  const buy = { label: 'Buy credits', url: `${appUrl}/` };
  const see = { label: 'See your credits', url: `${appUrl}/history` };
  switch (crossing.kind) {
    case 'low': {
      const threshold = formatCredits(crossing.threshold);
      return {
        subject: `Fewer than ${threshold} credits left`,
        heading: `Fewer than ${threshold} credits left`,
        paragraphs: [`${greeting} you had ${credits(crossing.available)} left to spend on ${when}.`],
        button: buy,
        footnotes: [`You are told once each time that your credits fall below ${threshold}.`],
      };
    }
    case 'depleted':
      return {
        subject: 'No credits left',
        heading: 'No credits left',
        paragraphs: [`${greeting} the last of your credits went on ${when}. There is nothing left to spend.`],
        button: buy,
        footnotes: ['You are told once each time that your credits run out.'],
      };
    case 'expiring': {
      if (crossing.left === null || crossing.left === 0n || crossing.expiresAt === null) return undefined;
      const [day, time] = [utcDay(crossing.expiresAt), crossing.expiresAt.toISOString().slice(11, 16)];
      return {
        subject: `Credits expire on ${day}`,
        heading: `Credits expire on ${day}`,
        paragraphs: [
          `${greeting} you have ${credits(crossing.left)} that can be spent until ${day}, ${time} UTC. What is left of them then is gone.`,
        ],
        button: see,
      };
    }
    default:
      return assertNever(crossing.kind);
  }
}

const credits = (amount: bigint) => `${formatCredits(amount)} ${amount === 1n ? 'credit' : 'credits'}`;

export interface NoticeSettings {
  /** Tells of falling below this many credits, and to none; null tells of neither. */
  lowBalance: bigint | null;
  /** Tells of a lot so many days before it expires; null does not. */
  expiryNoticeDays: number | null;
}

/** What a book tells its customers of. */
export function readNotices(db: Db | Tx, book: Book): Promise<NoticeSettings> {
  const select = { lowBalance: true, expiryNoticeDays: true } as const;
  return db.book.findUniqueOrThrow({ where: { id: book }, select });
}

/** Sets what a book tells from now on. What was crossed while it told nothing is not told later. */
export async function setNotices(tx: Tx, book: Book, settings: Partial<NoticeSettings>): Promise<void> {
  await tx.book.update({ where: { id: book }, data: settings });
}
