import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { verifyAudit } from '../../app/modules/audit/index.server';
import { verifyLedger } from '../../app/modules/ledger/index.server';
import { cutsOf, forEachCut, statementsOf } from '../../app/modules/payments/testing/cut-line';
import { sweepCalls } from '../../app/modules/stripe/index.server';
import { type Db } from '../../app/platform/db.server';
import { hours } from '../../app/platform/time';
import { CALL_SETTLERS } from '../../app/worker/settlers.server';
import { type DeletionDesk, type Known, openDeletionDesk, placesOf } from './testing/deletion-desk';
import { useTestStore } from './testing/store';
import { openTopUpDesk } from './testing/top-up-desk';

/** The database is lost at statements all over a deletion; then it runs again. */
const store = useTestStore();
let desk: DeletionDesk;
beforeAll(() => {
  desk = openDeletionDesk(store.db, store.shop);
});
afterAll(async () => {
  expect(await verifyLedger(store.db)).toEqual([]);
  expect(await verifyAudit(store.db)).toMatchObject({ outcome: 'intact' });
});

/** How many deletions are cut off, each at another statement. */
const CUTS = Number(process.env['DELETION_CUTS'] ?? 8);

describe('a worker that is killed anywhere', () => {
  it(
    'leaves a deletion that the next run ends: nothing is asked twice, nothing of the person is left',
    { timeout: 300_000 },
    async () => {
      const topUps = openTopUpDesk(store.db, store.shop);
      const prepared = async () => {
        const person = await desk.newPerson();
        await desk.openPage(person);
        await topUps.agreeTo(person);
        await desk.mention(person);
        const asked = await desk.ask(person);
        if (asked.outcome !== 'asked') throw new Error(asked.outcome);
        return { person, deletionId: asked.deletionId };
      };
      const first = await prepared();
      const statements = await statementsOf(store.url, (at: Db) => desk.run(first.deletionId, { at }));
      expect(statements).toBeGreaterThan(60);
      // Spread over the whole, and elsewhere in each run.
      const step = Math.ceil(statements / CUTS);
      const offset = Math.floor(Math.random() * step);
      const cuts = cutsOf(statements, 'process').filter(
        ({ when, statement }) => when === 'before' && statement % step === offset,
      );
      const cases: { person: Known; deletionId: string; cut: (typeof cuts)[number] }[] = [];
      for (const cut of cuts) cases.push({ ...(await prepared()), cut });
      await forEachCut(store.url, cases, (at, { deletionId }) => desk.run(deletionId, { at }));
      await sweepCalls(store.db, store.shop.settings, {
        ...{ realmId: store.shop.realm.id, settlers: CALL_SETTLERS, now: new Date(Date.now() + hours(1)) },
      });
      for (const { deletionId } of cases) await desk.run(deletionId);
      const states = await store.db.customerDeletion.findMany({
        where: { id: { in: cases.map(({ deletionId }) => deletionId) } },
      });
      expect(states.filter(({ state }) => state !== 'done')).toEqual([]);
      expect(
        await placesOf(
          store.db,
          cases.flatMap(({ person }) => person.words),
        ),
      ).toEqual([]);
      const ids = cases.map(({ person }) => person.id);
      expect(await store.db.payment.count({ where: { customerId: { in: ids }, state: 'expired' } })).toBe(
        ids.length,
      );
      expect(await store.db.audit.count({ where: { subject: { in: ids }, act: 'customer.deleted' } })).toBe(
        ids.length,
      );
      const [twice] = await store.db.$queryRaw<{ calls: number }[]>`
      SELECT count(*)::int AS calls FROM (SELECT 1 FROM stripe_call WHERE purpose LIKE 'dls_%' GROUP BY purpose HAVING count(*) > 1) c`;
      expect(twice).toEqual({ calls: 0 });
    },
  );
});
