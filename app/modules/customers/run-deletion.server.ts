import * as z from 'zod';

import { appendAudit } from '~/modules/audit/index.server';
import { eraseCustomer } from '~/modules/auth/index.server';
import { type HeldRealm, isKeyFault, isPassing } from '~/modules/stripe/index.server';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { withRequestContext } from '~/platform/request-context.server';

import { endAtStripe } from './end-at-stripe.server';
import { findOpen } from './find-open.server';
import { lockDeletion } from './lock-deletion.server';
import { type Person, readPerson } from './read-person.server';
import { type OpenThing } from './shared';

/** Takes a person out of the rows of one room; the same again finds nothing. @returns how many rows */
export type Eraser = (tx: Tx, person: Person) => Promise<number>;

export interface DeletionDeps {
  db: Db;
  /** Each is asked to end what is its own; what stands in a realm without a key is waited for by name. */
  realms: readonly HeldRealm[];
  /** By what the rows are, as the console names them. */
  erasers: Readonly<Record<string, Eraser>>;
  /** Events are many, and are gone through page by page. */
  eraseEvents: (
    db: Db,
    whom: { customerId: string; marks: readonly string[]; since: Date; cause: string },
  ) => Promise<number>;
  now: Date;
}

export type RunDeletionOutcome =
  | { outcome: 'done' }
  /** It runs again by itself; each thing that it waits for is named. */
  | { outcome: 'waiting'; waitsFor: OpenThing[] }
  /** It can still be called off. */
  | { outcome: 'not_yet' }
  /** Done before, or called off. */
  | { outcome: 'over' };

/**
 * Carries a deletion as far as it goes: Stripe is asked to end what goes on, then all that is open is waited for, then the
 * person is taken out of every room, and last out of the customer. Everything is decided from rows, each statement may be
 * the last one of a dying worker, and running it again changes nothing that was done.
 * @throws StripeError when Stripe does not answer, or refuses a key, and nothing is waited for: the job runs again
 */
export async function runDeletion(deps: DeletionDeps, deletionId: string): Promise<RunDeletionOutcome> {
  const { db } = deps;
  const begun = await inTransaction(db, 'begin deletion', (tx) => begin(tx, deletionId, deps.now));
  if (begun.outcome !== 'begun') return begun;
  const { customerId } = begun;
  const faults = await endInEach(deps, { deletionId, customerId });
  const waitsFor = await inTransaction(db, 'wait or go on', (tx) => wait(tx, deletionId, customerId));
  if (waitsFor.length > 0) return { outcome: 'waiting', waitsFor };
  if (faults.length > 0) throw faults[0];
  const person = await readPerson(db, customerId);
  const { marks, since } = person;
  const events = await deps.eraseEvents(db, { customerId, marks, since, cause: deletionId });
  await inTransaction(db, 'count events', (tx) => count(tx, deletionId, { events }));
  for (const [what, erase] of Object.entries(deps.erasers))
    await inTransaction(db, `erase ${what}`, async (tx) => {
      await lockDeletion(tx, deletionId);
      await count(tx, deletionId, { [what]: await erase(tx, person) });
    });
  return inTransaction(db, 'end deletion', (tx) => end(tx, deps, deletionId));
}

/** A realm whose Stripe does not answer, or refuses its key, keeps none of the others from ending what is theirs. */
async function endInEach(
  { db, realms }: DeletionDeps,
  whose: { deletionId: string; customerId: string },
): Promise<unknown[]> {
  const faults: unknown[] = [];
  for (const { realm, settings } of realms)
    try {
      await withRequestContext({ realm: realm.id }, () => endAtStripe(db, settings, { ...whose, realm }));
    } catch (error) {
      if (!isPassing(error) && !isKeyFault(error)) throw error;
      faults.push(error);
    }
  return faults;
}

type Begun = { outcome: 'begun'; customerId: string } | { outcome: 'not_yet' | 'over' };

async function begin(tx: Tx, deletionId: string, now: Date): Promise<Begun> {
  const { state, beginsAt, customerId } = await lockDeletion(tx, deletionId);
  if (state === 'done' || state === 'canceled') return { outcome: 'over' };
  if (state !== 'asked') return { outcome: 'begun', customerId };
  if (beginsAt > now) return { outcome: 'not_yet' };
  await tx.customerDeletion.update({
    where: { id: deletionId },
    data: { state: 'under_way' },
    select: { id: true },
  });
  log.info('deletion begun', { customer: customerId, deletion: deletionId });
  return { outcome: 'begun', customerId };
}

async function wait(tx: Tx, deletionId: string, customerId: string): Promise<OpenThing[]> {
  await lockDeletion(tx, deletionId);
  const open = await findOpen(tx, customerId);
  if (open.length > 0)
    await tx.customerDeletion.updateMany({
      where: { id: deletionId, state: 'under_way' },
      data: { state: 'waiting' },
    });
  return open;
}

const counts = z.record(z.string(), z.number());

/** Adds to what was counted by runs before. */
async function count(tx: Tx, deletionId: string, found: Record<string, number>): Promise<void> {
  const { state, erased } = await lockDeletion(tx, deletionId);
  if (state === 'done') return;
  const known = counts.parse(erased);
  const sum = Object.entries(found).map(([what, rows]): [string, number] => [
    what,
    (known[what] ?? 0) + rows,
  ]);
  await tx.customerDeletion.update({
    where: { id: deletionId },
    data: { erased: { ...known, ...Object.fromEntries(sum) } },
    select: { id: true },
  });
}

/** The person goes in one transaction, with whatever came to name them since the rooms were gone through. */
async function end(tx: Tx, { erasers, now }: DeletionDeps, deletionId: string): Promise<RunDeletionOutcome> {
  const { state, customerId } = await lockDeletion(tx, deletionId);
  if (state === 'done' || state === 'canceled') return { outcome: 'over' };
  const waitsFor = await wait(tx, deletionId, customerId);
  if (waitsFor.length > 0) return { outcome: 'waiting', waitsFor };
  const person = await readPerson(tx, customerId);
  for (const [what, erase] of Object.entries(erasers))
    await count(tx, deletionId, { [what]: await erase(tx, person) });
  await eraseCustomer(tx, customerId);
  const { erased } = await tx.customerDeletion.update({
    where: { id: deletionId },
    data: { state: 'done', endedAt: now },
    select: { erased: true },
  });
  await appendAudit(tx, {
    ...{ actor: 'system', act: 'customer.deleted', subject: customerId },
    after: { deletion: deletionId, erased: counts.parse(erased) },
  });
  log.info('customer deleted', { customer: customerId, deletion: deletionId });
  return { outcome: 'done' };
}
