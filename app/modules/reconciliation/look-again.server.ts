import { type FindingRow } from '~/modules/findings/index.server';
import { type EvidenceLine } from '~/modules/findings/shared';
import { HANDLED_OBJECTS, type ObjectRef } from '~/modules/stripe/shared';

import { ALIKE } from './confirm.server';
import { describe } from './describe';
import { type Difference } from './difference';
import { loadOurs } from './load-ours.server';
import { compare, readLook } from './look.server';
import { type Reconciler } from './reconciler';

export type SeenAgain =
  /** `after`: both sides as they stand now. */
  | { seen: 'gone'; after: EvidenceLine[] }
  | { seen: 'stands'; difference: Difference }
  /** Stripe has no object that tells. */
  | { seen: 'unclear' };

/** Whether a finding's difference still stands: its object is read anew, and our rows after it. */
export async function lookAgain(
  deps: Reconciler,
  finding: Pick<FindingRow, 'kind' | 'subject' | 'object' | 'objectId'>,
): Promise<SeenAgain> {
  const ref = refOf(finding);
  const look = ref === undefined ? undefined : await readLook(deps, ref);
  if (look === undefined) return { seen: 'unclear' };
  const [judged] = await compare(deps, [look]);
  const difference = judged?.difference;
  if (difference !== undefined && isOf(finding, difference)) return { seen: 'stands', difference };
  const ours = await loadOurs(deps.db, deps.realm.id, [look]);
  return { seen: 'gone', after: describe(look.fact, ours) };
}

function refOf({ object, objectId }: Pick<FindingRow, 'object' | 'objectId'>): ObjectRef | undefined {
  const known = HANDLED_OBJECTS.find((name) => name === object);
  return known === undefined || objectId === null ? undefined : { object: known, id: objectId };
}

const isOf = (finding: Pick<FindingRow, 'kind' | 'subject'>, { kind, subject }: Difference): boolean =>
  subject === finding.subject && (kind === finding.kind || ALIKE[kind] === finding.kind);
