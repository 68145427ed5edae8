import { beforeAll, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { appendAudit } from '~/modules/audit/index.server';
import { inTransaction } from '~/platform/db.server';

import { readBalance } from './read-balance.server';
import { granted, grantOf, newCustomer, newPayment } from './testing/credits';

const database = useTestDatabase();

/** A row in every table of the ledger, in payment_change and in audit. */
beforeAll(async () => {
  const customerId = await newCustomer(database.db);
  const paymentId = await newPayment(database.db, { customerId, book: 'test', credits: 100n });
  const { walletId, lotId } = await granted(database.db, grantOf(customerId, { paymentId }));
  await database.db.$executeRaw`
    INSERT INTO hold (id, wallet, amount, expires_at, created_at) VALUES ('hld_1', ${walletId}, 1, now() + interval '1 hour', now())`;
  await database.db
    .$executeRaw`INSERT INTO hold_part (hold, n, lot, amount) VALUES ('hld_1', 1, ${lotId}, 1)`;
  await database.db.$executeRaw`
    INSERT INTO payment_change (payment, n, "to", reason, cause) VALUES (${paymentId}, 1, 'created', 'test', 'test')`;
  await database.db.$executeRaw`
    INSERT INTO claim_change (payment, n, recorded_at, t_gone, t_all, t_dispute, t_debt, actor) VALUES (${paymentId}, 1, now(), 0, 0, 0, 0, 'test')`;
  await database.db.$executeRaw`
    INSERT INTO wallet_freeze (wallet, cause, n, frozen_at, frozen_by) VALUES (${walletId}, 'dp_1', 1, now(), 'test')`;
  await database.db.$executeRaw`
    INSERT INTO crossing (id, wallet, kind, threshold, available, seq, at) VALUES ('crs_1', ${walletId}, 'low', 5, 1, 1, now())`;
  await inTransaction(database.db, 'audit', (tx) =>
    appendAudit(tx, { actor: 'usr_1', act: 'test', subject: 'cst_1', after: { n: 1 } }),
  );
});

const HISTORY = [
  ['transfer', `actor = 'someone'`],
  ['entry', 'amount = 1'],
  ['hold_part', 'amount = 2'],
  ['claim_change', 't_gone = 1'],
  ['payment_change', `reason = 'another'`],
  ['audit', `actor = 'someone'`],
] as const;

const PROJECTIONS = [
  ['wallet', `customer = 'cst_other'`],
  ['lot', `expires_at = now() + interval '1 year'`],
  ['lot', 'granted = granted + 1'],
  ['hold', 'amount = amount + 1'],
  ['claim', 'granted = granted + 1'],
  ['wallet_freeze', `cause = 'another'`],
  ['crossing', `kind = 'depleted'`],
] as const;

const ROLES = ['origin', 'replica'] as const;

/** Runs one statement as the database's owner, in a replication role, as a restore or a curious operator would. */
async function attempt(role: (typeof ROLES)[number], sql: string): Promise<void> {
  await inTransaction(database.db, 'attempt', async (tx) => {
    await tx.$executeRawUnsafe(`SET LOCAL session_replication_role = ${role}`);
    await tx.$executeRawUnsafe(sql);
  });
}

const REFUSED = /refuses this|only its body can be redacted/;

describe.each(ROLES)('with replication role %s', (role) => {
  it.each(HISTORY)('a row of %s cannot be changed, deleted or truncated by SQL', async (table, change) => {
    await expect(attempt(role, `UPDATE ${table} SET ${change}`)).rejects.toThrow(REFUSED);
    await expect(attempt(role, `DELETE FROM ${table}`)).rejects.toThrow(REFUSED);
    await expect(attempt(role, `TRUNCATE ${table} CASCADE`)).rejects.toThrow(REFUSED);
  });

  it.each(PROJECTIONS)(
    'the row that %s is cannot vanish, and its terms cannot change: %s',
    async (table, change) => {
      await expect(attempt(role, `UPDATE ${table} SET ${change}`)).rejects.toThrow(REFUSED);
      await expect(attempt(role, `DELETE FROM ${table}`)).rejects.toThrow(REFUSED);
      await expect(attempt(role, `TRUNCATE ${table} CASCADE`)).rejects.toThrow(REFUSED);
    },
  );

  it('history cannot be reached by truncating what it belongs to', async () => {
    await expect(attempt(role, 'TRUNCATE customer CASCADE')).rejects.toThrow(REFUSED);
  });
});

describe('the database itself', () => {
  it.each([
    ['wallet', 'available = -1', 'wallet_not_negative'],
    ['wallet', 'held = -1', 'wallet_not_negative'],
    ['wallet', 'claimed = -1', 'wallet_not_negative'],
    ['wallet', 'debt = -1', 'wallet_not_negative'],
    ['wallet', 'seq = -1', 'wallet_seq_not_negative'],
    ['lot', 'available = -1', 'lot_not_negative'],
    ['lot', 'held = -1', 'lot_not_negative'],
    ['lot', 'claimed = -1', 'lot_not_negative'],
    ['lot', 'revoked = -1', 'lot_not_negative'],
    ['lot', 'expired = -1', 'lot_not_negative'],
    ['lot', 'moved = -1', 'lot_not_negative'],
    ['lot', 'available = granted + 1', 'lot_within_granted'],
    ['lot', 'held = 1', 'lot_within_granted'],
    ['lot', 'claimed = 1', 'lot_within_granted'],
    ['lot', 'revoked = 1', 'lot_within_granted'],
    ['lot', 'expired = 1', 'lot_within_granted'],
    ['lot', 'moved = 1', 'lot_within_granted'],
    ['lot', 'open = false', 'lot_closed_is_empty'],
  ])('refuses a %s with %s', async (table, change, constraint) => {
    await expect(attempt('origin', `UPDATE ${table} SET ${change}`)).rejects.toThrow(constraint);
  });

  it.each([
    ['takes from and gives to one account', `'spent', 'spent', 5`, 'entry_two_accounts'],
    ['moves nothing', `'issued.pack', 'available', 0`, 'entry_amount_positive'],
    ['moves less than nothing', `'issued.pack', 'available', -5`, 'entry_amount_positive'],
    ['moves credits without a lot', `'issued.pack', 'available', 5`, 'entry_names_lot'],
  ])('refuses an entry that %s', async (_name, movement, constraint) => {
    const insert = `
      INSERT INTO entry (wallet, seq, transfer, "from", "to", amount, available_after, held_after, claimed_after, debt_after, recorded_at, hash)
      SELECT wallet, 99, id, ${movement}, 0, 0, 0, 0, now(), '' FROM transfer LIMIT 1`;
    await expect(attempt('origin', insert)).rejects.toThrow(constraint);
  });

  it.each([
    ['seq', '0', 'entry_seq_positive'],
    ['available_after', '-1', 'entry_after_not_negative'],
    ['held_after', '-1', 'entry_after_not_negative'],
    ['claimed_after', '-1', 'entry_after_not_negative'],
    ['debt_after', '-1', 'entry_after_not_negative'],
    ['lot_available_after', '-1', 'entry_lot_after'],
    ['lot_held_after', '-1', 'entry_lot_after'],
    ['lot_claimed_after', 'NULL', 'entry_lot_after'],
    ['lot', 'NULL', 'entry_names_lot'],
  ])('refuses an entry whose %s is %s', async (column, value, constraint) => {
    const insert = `
      INSERT INTO entry SELECT (jsonb_populate_record(e, jsonb_build_object('seq', 99, '${column}', ${value}))).* FROM entry e LIMIT 1`;
    await expect(attempt('origin', insert)).rejects.toThrow(constraint);
  });

  it('refuses a second reversal of a transfer', async () => {
    const reversal = (key: string) => `
      INSERT INTO transfer (id, book, key, body_hash, kind, wallet, amount, actor, occurred_at, recorded_at, reverses)
      SELECT 'txf_${key}', book, '${key}', '', 'reverse', wallet, amount, 'test', now(), now(), id
      FROM transfer WHERE kind = 'grant' LIMIT 1`;
    const both = inTransaction(database.db, 'reverse twice', async (tx) => {
      expect(await tx.$executeRawUnsafe(reversal('first'))).toBe(1);
      await tx.$executeRawUnsafe(reversal('second'));
    });
    await expect(both).rejects.toThrow('reverses');
    const rows = await database.db.transfer.count({ where: { kind: 'reverse' } });
    expect(rows).toBe(0);
  });

  it('stands as it stood after every refusal', async () => {
    const customerId = await newCustomer(database.db);
    await granted(database.db, grantOf(customerId));
    await expect(attempt('origin', 'UPDATE wallet SET available = available - 1000')).rejects.toThrow();
    expect((await readBalance(database.db, { book: 'test', customerId })).available).toBe(100n);
  });
});
