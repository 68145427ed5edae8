import { syncCatalog } from '~/modules/payments/index.server';
import {
  changeEndpoint,
  findFormerRealm,
  makeEndpoint,
  removeEndpoint,
  setUpPortal,
  type StripeSettings,
} from '~/modules/stripe/index.server';
import { assertNever } from '~/platform/assert-never';
import { type Db } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { type SetupStep } from './plan-setup.server';

/**
 * Does the steps of a plan. An account that is new here is made known and sells nothing yet: which one sells, web and
 * worker say by the key that they start with.
 * @param keepSecret gets each new endpoint's signing secret, which Stripe shows this once
 * @throws StripeError at the first step that Stripe refuses; planned and applied again, what was done stays done
 */
export async function applySetup(
  db: Db,
  settings: StripeSettings,
  steps: readonly SetupStep[],
  keepSecret: (secret: string) => void,
): Promise<void> {
  const found = await findFormerRealm(db, settings);
  if (found.outcome === 'unknown') throw new Error(`Stripe did not say whose the key is: ${found.reason}`);
  const realmId = found.realm.id;
  // Stripe forgets a key after a day, and a plan that is applied again is another one.
  const run = newId('req');
  if (steps.some(({ step }) => step === 'make_price')) await syncCatalog(db, settings, realmId);
  for (const [n, one] of steps.entries()) {
    const key = `setup.${run}.${String(n)}`;
    switch (one.step) {
      case 'make_price':
        break;
      case 'set_portal':
        await setUpPortal(db, settings, realmId);
        break;
      case 'make_endpoint':
        await makeEndpoint(settings, { url: one.url, replaces: one.replaces, realmId, key }, keepSecret);
        break;
      case 'change_endpoint':
        await changeEndpoint(settings, { id: one.id, url: one.url, realmId, key });
        break;
      case 'remove_endpoint':
        await removeEndpoint(settings, one.id);
        break;
      default:
        assertNever(one);
    }
  }
}
