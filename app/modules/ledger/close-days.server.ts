import * as z from 'zod';

import { mailAdmins } from '~/modules/mail/index.server';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { rollBookTotals, type TotalFault, verifyBookTotals } from './book-totals.server';
import { type DayRoot, readDayRoot } from './day-root.server';
import { soundAlarm } from './drift-alarm.server';
import { BOOKS, type LedgerFault } from './shared';
import { verifyInRanges } from './verify-ledger.server';

/** Wallets that have an alert of their own; the day's mail counts all. */
const MOST_ALERTS = 20;

interface Verdict {
  faults: LedgerFault[];
  totals: TotalFault[];
}

/**
 * Ends each UTC day that is over and was not ended yet: its totals are rolled up, all of the ledger is verified, and the
 * day's root of each book that has wallets is logged and mailed to every admin, once.
 */
export async function closeDays(db: Db): Promise<void> {
  await rollBookTotals(db);
  const open = await readOpenDays(db);
  if (open.length === 0) return;
  const verdict = await verifyAll(db);
  for (const { walletId, entrySeq, fault } of verdict.faults.slice(0, MOST_ALERTS))
    await soundAlarm(db, { walletId, fault: `entry ${entrySeq}: ${fault}` });
  if (verdict.totals.length > 0)
    await soundAlarm(db, { fault: `${verdict.totals.length} totals of days differ from their entries` });
  for (const { book, day } of open) {
    const root = await readDayRoot(db, { book, day });
    if (root.outcome === 'read') await tell(db, root, verdict);
  }
}

const openDays = z.array(z.object({ book: z.enum(BOOKS), day: z.string() }));

/** The days that are over and have no root yet, from the first one of each book on; of a book without any, the last day alone. */
async function readOpenDays(db: Db) {
  return openDays.parse(
    await db.$queryRaw`
      SELECT b.id::text AS book, d.day::date::text AS day
      FROM (SELECT ledger_open_day() AS day) o CROSS JOIN book b
      CROSS JOIN LATERAL generate_series(
        coalesce((SELECT max(r.day) + 1 FROM day_root r WHERE r.book = b.id), o.day - 1)::timestamp, o.day::timestamp - interval '1 day', interval '1 day') d (day)
      ORDER BY d.day, b.id`,
  );
}

async function verifyAll(db: Db): Promise<Verdict> {
  const faults: LedgerFault[] = [];
  for await (const range of verifyInRanges(db, {})) faults.push(...range.faults);
  return { faults, totals: await verifyBookTotals(db) };
}

/** The row, the line and the mails: of two workers at once, one writes them. */
async function tell(db: Db, root: DayRoot, verdict: Verdict): Promise<void> {
  const { book, day, wallets, entries } = root;
  const faults = verdict.faults.length + verdict.totals.length;
  const isTold = await inTransaction(db, 'close day', async (tx) => {
    const { count } = await tx.dayRoot.createMany({
      data: [
        {
          bookId: book,
          day: new Date(day),
          root: Buffer.from(root.root, 'hex'),
          wallets: BigInt(wallets),
          entries,
          faults,
        },
      ],
      skipDuplicates: true,
    });
    const isNews = count === 1 && wallets > 0;
    if (isNews) await mailRoot(tx, root, faults);
    return isNews;
  });
  if (isTold)
    log.info('ledger day closed', { book, day, root: root.root, wallets, entries: `${entries}`, faults });
}

function mailRoot(tx: Tx, { book, day, root, wallets, entries }: DayRoot, faults: number): Promise<void> {
  const state = faults === 0 ? 'intact' : `${faults} ${faults === 1 ? 'fault' : 'faults'}`;
  return mailAdmins(tx, {
    cause: `ledger.day:${book}:${day}`,
    kind: 'ledger.day',
    subject: `Ledger ${book}, ${day}: ${state}`,
    content: {
      heading: `Ledger ${book}, ${day}: ${state}`,
      paragraphs: [
        `Root: ${root}`,
        `It stands for the ledger as the day ended in UTC. Wallets: ${wallets}, entries: ${entries}.`,
        ...(faults === 0
          ? []
          : ['Verify found what is wrong: npm run credence -- ledger verify names each broken wallet.']),
        `Keep this mail. That nothing before has been changed since is shown by: npm run credence -- ledger root --book ${book} --day ${day} --expect ${root}`,
      ],
      footnotes: ['You have this mail as an admin, once a day for each book.'],
    },
  });
}
