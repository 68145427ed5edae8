import type Stripe from 'stripe';
import * as z from 'zod';
import { parseParams } from '../params';
import { missingObject } from '../refusal';
import type { ApiRequest, Routes } from '../request';

function readAccount({ world, path, form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const [id] = path;
  if (id !== undefined && id !== world.account.id) throw missingObject('account', id);
  const { accountNamed, chargesEnabled } = world.settings();
  const account = { ...world.account, charges_enabled: chargesEnabled };
  return accountNamed ? account : withoutName(account);
}

function withoutName(account: Stripe.Account): Stripe.Account {
  const { business_profile: profile, settings } = account;
  return {
    ...account,
    ...(profile && { business_profile: { ...profile, name: null } }),
    ...(settings && { settings: { ...settings, dashboard: { ...settings.dashboard, display_name: null } } }),
  };
}

export const accountRoutes: Routes = {
  'GET /v1/account': { resource: 'account', run: readAccount },
  'GET /v1/accounts/:id': { resource: 'account', run: readAccount },
};
