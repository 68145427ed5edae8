import { type ListedObject } from '~/modules/stripe/index.server';
import { type ObjectRef, type StripeFact } from '~/modules/stripe/shared';
import { creditsOfInvoice } from '~/modules/subscriptions/index.server';

import { type Difference, type Judged } from './difference';
import { judgeObject } from './judge';
import { loadOurs } from './load-ours.server';
import { type Reconciler } from './reconciler';

type Look = Pick<ListedObject, 'fact' | 'parentOurs'>;

/** Objects beside our rows of this moment. An invoice that sold nothing is no difference. */
export async function compare(
  { db, realm }: Reconciler,
  objects: readonly Look[],
): Promise<(Judged & { look: Look })[]> {
  const ours = await loadOurs(db, realm.id, objects);
  const judged: (Judged & { look: Look })[] = [];
  for (const look of objects) {
    const one = judgeObject(look, ours);
    const sale = await weigh(look.fact, one.difference);
    judged.push({ ...one, difference: sale, look });
  }
  return judged;

  async function weigh(
    fact: StripeFact,
    difference: Difference | undefined,
  ): Promise<Difference | undefined> {
    if (difference?.kind !== 'renewal_not_granted' || fact.kind !== 'invoice' || fact.plan === undefined)
      return difference;
    const { isSale, credits } = await creditsOfInvoice(db, realm.id, fact.plan);
    if (!isSale) return undefined;
    const evidence = difference.evidence.map((line) =>
      line.unit === 'credits' ? { ...line, stripe: credits.toString() } : line,
    );
    return { ...difference, credits, evidence };
  }
}

/** Reads an object as it stands now, and what is behind it where it carries no metadata of ours. */
export async function readLook(
  { pacer, readObject }: Reconciler,
  ref: ObjectRef,
  parentOurs?: Look['parentOurs'],
): Promise<Look | undefined> {
  const fact = await pacer.ask(() => readObject(ref));
  if (fact === undefined) return undefined;
  const isChild = fact.kind === 'refund' || fact.kind === 'dispute';
  if (!isChild || parentOurs !== undefined || fact.intentId === undefined) return { fact, parentOurs };
  const { intentId: id } = fact;
  const parent = await pacer.ask(() => readObject({ object: 'payment_intent', id }));
  return { fact, parentOurs: parent?.ours };
}
