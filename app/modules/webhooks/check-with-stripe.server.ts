import * as z from 'zod';

import { appendAudit } from '~/modules/audit/index.server';
import { readSession } from '~/modules/payments/index.server';
import {
  idsOfFact,
  listDisputesOf,
  type RealmReader,
  refOfId,
  type StripeSettings,
} from '~/modules/stripe/index.server';
import { type ObjectRef, type RealmView, type StripeFact } from '~/modules/stripe/shared';
import { inTransaction, type Tx } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { type Known } from './ask-door.server';
import { findRoots } from './check-roots.server';
import { inRounds, ReadFirst } from './read-rounds.server';
import { type Verdict } from './record-attempt.server';
import { type CheckedObject, type CheckReason } from './shared';
import { type TryDeps } from './try-event.server';
import { verdictOf } from './verdict.server';
import { wakeWaiting } from './wake-waiting.server';

export interface StripeCheck {
  realm: RealmView;
  /** A payment, a customer or their e-mail address, or an id of Stripe's. */
  about: string;
  /** Who asks, and why in words: both are audited. */
  actor: string;
  reason: string;
  /** The reason's code, where it was chosen from a list. */
  code?: CheckReason;
  /** How many objects it looks at, at most: a check ends. */
  most?: number;
}

export type StripeCheckOutcome =
  /** `isCut`: there is more about it than was looked at; what is older was left out. */
  | { outcome: 'checked'; subject: string; objects: CheckedObject[]; isCut: boolean }
  /** Nothing here and nothing at Stripe goes by that name. */
  | { outcome: 'unknown' };

/** The reader is of the check's realm. */
interface CheckDeps extends TryDeps {
  reader: RealmReader;
}

/** More than most customers bring. */
const MAX_OBJECTS = 1000;

/**
 * Reads at Stripe all that hangs on a payment or a customer as it stands now, and brings each object to the door that its
 * events come to: what was paid is granted and what went back is taken, once, whether or not an event ever told of it.
 * The tool for "I paid and got no credits"; the late event then finds its work done.
 * @throws StripeError when Stripe does not answer; what was brought until then stands
 */
export async function checkWithStripe(
  deps: CheckDeps,
  settings: StripeSettings,
  check: StripeCheck,
): Promise<StripeCheckOutcome> {
  const { realm, about, actor, reason, code, most = MAX_OBJECTS } = check;
  const roots = await findRoots(deps.db, settings, { realmId: realm.id, about, most });
  if (roots === undefined) return { outcome: 'unknown' };
  const { subject } = roots;
  await inTransaction(deps.db, 'audit check', (tx) =>
    appendAudit(tx, {
      ...{ actor, act: 'stripe.checked', subject, comment: reason, realmId: realm.id },
      ...(code === undefined ? {} : { reason: code }),
    }),
  );
  const checked = new Map<string, { ref: ObjectRef; object: CheckedObject }>();
  // What hangs on an object comes before the next root: the newest is looked at whole, however much there is.
  const left = [...roots.refs];
  let { isCut } = roots;
  for (let ref = left.shift(); ref !== undefined; ref = left.shift()) {
    const name = `${ref.object} ${ref.id}`;
    if (checked.has(name)) continue;
    if (checked.size >= most) {
      isCut = true;
      break;
    }
    const fact = await read(deps.reader, ref);
    checked.set(name, { ref, object: { id: ref.id, ...(await bring(deps, check, fact)) } });
    const disputes = ref.object === 'charge' ? await listDisputesOf(settings, ref.id) : [];
    left.unshift(...(fact === undefined ? [] : linksOf(fact)), ...disputes);
  }
  // What it waited for may have come after it: a plan's PaymentIntent waits for its invoice.
  for (const one of checked.values())
    if (one.object.became === 'waiting')
      one.object = { id: one.ref.id, ...(await bring(deps, check, await read(deps.reader, one.ref))) };
  const objects = [...checked.values()].map(({ object }) => object);
  log.info('checked with stripe', { subject, actor, objects: objects.length, isCut });
  return { outcome: 'checked', subject, objects, isCut };
}

const read = (reader: RealmReader, ref: ObjectRef): Promise<StripeFact | undefined> =>
  ref.object === 'checkout.session' ? readSession(reader.readObject, ref.id) : reader.readObject(ref);

/** A charge is looked at twice: for its receipt, and for what was refunded of it. */
function linksOf(fact: StripeFact): ObjectRef[] {
  const links = [...idsOfFact(fact), ...behind(fact)].flatMap((id) => refOfId(id) ?? []);
  return fact.kind === 'charge' ? [...links, { object: 'charge.refunds', id: fact.id }] : links;
}

/** What an object is of. */
function behind(fact: StripeFact): string[] {
  if (fact.kind === 'refund' || fact.kind === 'dispute')
    return [fact.intentId, fact.chargeId].filter((id) => id !== undefined);
  return fact.kind === 'subscription' ? [fact.latestInvoiceId].filter((id) => id !== undefined) : [];
}

async function bring(
  deps: CheckDeps,
  check: StripeCheck,
  fact: StripeFact | undefined,
): Promise<Omit<CheckedObject, 'id'>> {
  if (fact === undefined) return { became: 'missing', detail: 'Stripe does not have it' };
  const { realm } = check;
  const verdict = await inRounds(
    { reader: deps.reader, realmId: realm.id },
    (known) => inTransaction(deps.db, 'check with stripe', (tx) => decide(tx, deps, check, fact, known)),
    (stuck) => Promise.resolve(stuck),
  );
  const isApplied = verdict.status === 'done' && verdict.decision === 'applied';
  if (isApplied) await wakeWaiting(deps.db, { realmId: realm.id }, idsOfFact(fact));
  return { became: verdict.status, detail: detailOf(verdict) };
}

const clock = z.tuple([z.object({ now: z.date() })]);

async function decide(
  tx: Tx,
  { dispatch }: TryDeps,
  { realm, actor }: StripeCheck,
  fact: StripeFact,
  known: Known,
): Promise<Verdict> {
  const [{ now }] = clock.parse(await tx.$queryRaw`SELECT clock_timestamp() AS now`);
  const evidence = [fact, ...[...known.values()].filter((object) => object !== undefined)];
  const { id: realmId, mode: book } = realm;
  const context = { realmId, book, cause: `check:${actor}`, at: now, evidence, isLook: true };
  const door = await dispatch(tx, fact, context);
  if (door.outcome === 'need') throw new ReadFirst(door.refs, now);
  // A person does not wait for the event of the parent: it is read at once.
  const parent = door.outcome === 'waits' ? refOfId(door.waitsFor) : undefined;
  if (parent !== undefined && !known.has(parent.id)) throw new ReadFirst([parent], now);
  return verdictOf(door, { tries: 1, firstTryAt: now, now });
}

function detailOf(verdict: Verdict): string {
  if (verdict.status === 'done') return `${verdict.decision}: ${verdict.reason}`;
  if ('waitsFor' in verdict) return `waits for ${verdict.waitsFor}`;
  return `${verdict.code}: ${verdict.detail}`;
}
