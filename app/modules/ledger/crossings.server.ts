import { type Db } from '~/platform/db.server';

/** So many crossings are written by one statement. */
const AT_ONCE = 1000;

/**
 * Writes that a lot with credits left has come within its book's days of notice: once per lot, whoever runs this and
 * however often. The acts themselves write what falls low or to nothing. Answers how many were written.
 */
export async function findExpiring(db: Db): Promise<number> {
  for (let total = 0; ;) {
    const written = await db.$executeRaw`
      INSERT INTO crossing (id, wallet, kind, lot, threshold, available, seq, at)
      SELECT 'crs_' || replace(uuidv7()::text, '-', ''), w.id, 'expiring', l.id, b.expiry_notice_days, l.available, w.seq, c.now
      FROM (SELECT ledger_now() AS now, max(expiry_notice_days) AS days FROM book) c
        JOIN lot l ON l.open AND l.expires_at < 'infinity' AND l.available > 0 AND l.expires_at > c.now
          AND l.expires_at <= c.now + c.days * interval '1 day'
        JOIN wallet w ON w.id = l.wallet
        JOIN book b ON b.id = w.book AND l.expires_at <= c.now + b.expiry_notice_days * interval '1 day'
      WHERE NOT EXISTS (SELECT FROM crossing k WHERE k.lot = l.id AND k.kind = 'expiring')
      ORDER BY l.expires_at, l.id LIMIT ${AT_ONCE}
      ON CONFLICT (lot, kind) DO NOTHING`;
    total += written;
    if (written < AT_ONCE) return total;
  }
}
