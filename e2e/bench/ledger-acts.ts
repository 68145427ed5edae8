import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';

import { capture, grant, hold, spend } from '../../app/modules/ledger/index.server';
import { closeDb, createDb, type Db, inTransaction } from '../../app/platform/db.server';

/** One act done once by one client, on a customer whose wallet it may move. */
export type Act = (client: number, customerId: string) => Promise<void>;

/** Every act in two ways: prepared on connections of its own, and through the room's door. */
export interface Acts {
  /** The least that a spend can cost: one statement that lowers a row and writes one beside it. */
  floor: Act;
  spend: Act;
  holdAndCapture: Act;
  grant: Act;
  spendByDoor: Act;
  holdAndCaptureByDoor: Act;
  grantByDoor: Act;
  close(): Promise<void>;
}

const FLOOR = `WITH taken AS (
    UPDATE floor_balance SET available = available - $2 WHERE wallet = $1 AND available >= $2 RETURNING wallet, available)
  INSERT INTO floor_movement (wallet, amount, available_after) SELECT wallet, $2, available FROM taken RETURNING available_after`;
const SPEND = `SELECT * FROM ledger_spend('test', $1, ARRAY[$2], ARRAY[$3::bytea], ARRAY[1::bigint], ARRAY['bench'], ARRAY[''])`;
const HOLD = `SELECT * FROM ledger_hold('test', $1, $2, $3, 1, interval '1 hour', 'bench', NULL)`;
const CAPTURE = `SELECT * FROM ledger_end('test', $1, 'capture', $2, $3, 1, 'bench', NULL)`;
const GRANT = `SELECT * FROM ledger_grant('test', $1, $2, $3, 1, 'promo', 50::smallint, true, NULL, NULL, NULL, NULL, 'bench', NULL, now())`;

export async function openActs(databaseUrl: string, clients: number): Promise<Acts> {
  const connections = Array.from({ length: clients }, () => new pg.Client({ connectionString: databaseUrl }));
  await Promise.all(connections.map((connection) => connection.connect()));
  const db = createDb(databaseUrl, clients);
  return {
    ...prepared(connections),
    ...byDoor(db),
    close: async () => {
      await Promise.all([...connections.map((connection) => connection.end()), closeDb(db)]);
    },
  };
}

function prepared(
  connections: readonly pg.Client[],
): Pick<Acts, 'floor' | 'spend' | 'holdAndCapture' | 'grant'> {
  const ask = async (client: number, name: string, text: string, values: unknown[]) => {
    const answer = await connections[client]?.query<{ outcome?: string; hold_id?: string }>({
      name,
      text,
      values,
    });
    const [row] = answer?.rows ?? [];
    if (row === undefined) throw new Error(`${name} answered nothing.`);
    return row;
  };
  const act = async (client: number, name: string, text: string, on: string, outcome: string) => {
    const key = randomUUID();
    const row = await ask(client, name, text, [on, key, createHash('sha256').update(key).digest()]);
    if (row.outcome !== outcome) throw new Error(`${name}: ${String(row.outcome)}`);
    return row;
  };
  return {
    floor: async (client, customerId) => void (await ask(client, 'floor', FLOOR, [customerId, 1])),
    spend: async (client, customerId) => void (await act(client, 'spend', SPEND, customerId, 'spent')),
    holdAndCapture: async (client, customerId) => {
      const held = await act(client, 'hold', HOLD, customerId, 'held');
      await act(client, 'capture', CAPTURE, held.hold_id ?? '', 'captured');
    },
    grant: async (client, customerId) => void (await act(client, 'grant', GRANT, customerId, 'granted')),
  };
}

function byDoor(db: Db): Pick<Acts, 'spendByDoor' | 'holdAndCaptureByDoor' | 'grantByDoor'> {
  const asked = () => ({ book: 'test', key: randomUUID(), actor: 'bench' }) as const;
  const expect = (answer: { outcome: string }, outcome: string) => {
    if (answer.outcome !== outcome) throw new Error(`${outcome} was expected: ${answer.outcome}`);
  };
  return {
    spendByDoor: async (_, customerId) =>
      expect(await spend(db, { ...asked(), customerId, amount: 1n }), 'spent'),
    holdAndCaptureByDoor: async (_, customerId) => {
      const held = await hold(db, { ...asked(), customerId, amount: 1n });
      if (held.outcome !== 'held') throw new Error(`held was expected: ${held.outcome}`);
      expect(await capture(db, { ...asked(), holdId: held.holdId, amount: 1n }), 'captured');
    },
    grantByDoor: async (_, customerId) => {
      const input = { ...asked(), customerId, amount: 1n, lotKind: 'promo', expiresAt: null } as const;
      expect(
        await inTransaction(db, 'grant', (tx) => grant(tx, { ...input, occurredAt: new Date() })),
        'granted',
      );
    },
  };
}
