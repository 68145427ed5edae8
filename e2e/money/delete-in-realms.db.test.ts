import { beforeAll, expect, it } from 'vitest';

import { makeRealm } from '../../app/modules/stripe/testing/deliveries';
import { newId } from '../../app/platform/ids.server';
import { serve } from '../support/serve';
import { type DeletionDesk, openDeletionDesk } from './testing/deletion-desk';
import { sellPlan, subscribeTo } from './testing/deletion-plan';
import { useTestStore } from './testing/store';

const store = useTestStore();
let desk: DeletionDesk;
beforeAll(async () => {
  desk = openDeletionDesk(store.db, store.shop);
  await sellPlan(store);
});

it('a deletion ends what each realm holds though Stripe refuses the key of another, and says what it waits for', async () => {
  const person = await desk.newPerson();
  await subscribeTo(store, desk, person);
  const { id, ...own } = await store.db.subscription.findFirstOrThrow({ where: { customerId: person.id } });
  const former = await makeRealm(store.db);
  const data = { ...own, id: newId('sbs'), realmId: former.id, stripeId: 'sub_of_the_former' };
  await store.db.subscription.create({ data });
  const refusing = await serve(() => ({
    ...{ status: 401, headers: { 'content-type': 'application/json' } },
    body: '{"error":{"type":"invalid_request_error","message":"Invalid API Key provided"}}',
  }));
  const asked = await desk.ask(person);
  if (asked.outcome !== 'asked') throw new Error(asked.outcome);
  const { realm, settings } = store.shop;
  const realms = [
    { realm: former, settings: { ...settings, apiBase: refusing.url } },
    { realm, settings },
  ];
  const ran = await desk.run(asked.deletionId, { realms });
  refusing.close();
  expect(ran).toMatchObject({ outcome: 'waiting', waitsFor: [{ kind: 'plan' }] });
  expect(await store.db.subscription.findUnique({ where: { id } })).toMatchObject({ status: 'canceled' });
});
