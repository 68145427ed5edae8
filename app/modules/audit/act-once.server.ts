import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { lockName } from '~/platform/lock-name.server';

interface OnceInput<Outcome extends string> {
  /** Made by the dialog when it opened. */
  key: string;
  actor: string;
  /** The outcomes that have done something; all others leave the key for another try. */
  done: readonly Outcome[];
}

/**
 * Does an act of a dialog once in one transaction, however often it is sent: under a key that was done before, nothing is
 * done. Two at once of one key come one after the other.
 */
export function actOnce<Result extends { outcome: string }>(
  db: Db,
  name: string,
  { key, actor, done }: OnceInput<Result['outcome']>,
  act: (tx: Tx) => Promise<Result>,
): Promise<Result | { outcome: 'repeated' }> {
  return inTransaction(db, name, async (tx) => {
    await lockName(tx, `act:${key}`);
    if ((await tx.doneAct.count({ where: { key, actor } })) > 0) return { outcome: 'repeated' as const };
    const result = await act(tx);
    if (done.includes(result.outcome))
      await tx.doneAct.create({ data: { key, actor }, select: { key: true } });
    return result;
  });
}
