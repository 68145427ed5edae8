import {
  isPassing,
  type Keep,
  readNameless,
  refOfId,
  type StripeSettings,
} from '~/modules/stripe/index.server';
import { type ObjectRef } from '~/modules/stripe/shared';

import { type Incident } from './incident-file';

const MAX_READS = 200;

/** What Stripe shows now of the objects that an incident names. Without an answer the events have to do. */
export async function collectReads(
  settings: StripeSettings,
  objects: readonly string[],
  keep: Keep,
): Promise<Pick<Incident, 'reads' | 'omitted'>> {
  const refs = objects.flatMap((id): ObjectRef[] => {
    const ref = refOfId(id);
    if (ref === undefined) return [];
    return ref.object === 'charge' ? [ref, { object: 'charge.refunds', id }] : [ref];
  });
  const reads: Incident['reads'] = [];
  for (const ref of refs.slice(0, MAX_READS)) {
    try {
      const body = await readNameless(settings, ref, keep);
      if (body !== undefined) reads.push({ object: ref.object, id: keep.names.id(ref.id), body });
    } catch (error) {
      if (!isPassing(error)) throw error;
      return { reads, omitted: [{ what: 'objects at Stripe', why: 'Stripe did not answer' }] };
    }
  }
  const cut = refs.length - MAX_READS;
  return {
    reads,
    omitted:
      cut > 0 ? [{ what: `${String(cut)} objects at Stripe`, why: 'there were too many to read' }] : [],
  };
}
