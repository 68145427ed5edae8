import type Stripe from 'stripe';
import * as z from 'zod';
import type { World } from '../../engine/world';
import { integer, oneOf, parseParams } from '../params';
import type { ApiRequest, Routes } from '../request';

const listParams = z.strictObject({
  limit: integer().optional(),
  status: oneOf(['active', 'all', 'expired', 'scheduled']).optional(),
});

/** Registrations are what the setting `taxRegistrations` names, all of them active: none is made by the API. */
function listRegistrations({ world, form }: ApiRequest): object {
  const { limit = 10, status = 'all' } = parseParams(listParams, form);
  const isShown = status === 'all' || status === 'active';
  const all = isShown ? registrationsOf(world) : [];
  const data = all.slice(0, limit);
  return { object: 'list', data, has_more: data.length < all.length, url: '/v1/tax/registrations' };
}

function registrationsOf(world: World): Stripe.Tax.Registration[] {
  return world.settings().taxRegistrations.map((country) => ({
    id: `taxreg_sandbox${country}`,
    object: 'tax.registration',
    active_from: world.account.created ?? 0,
    country,
    country_options: {},
    created: world.account.created ?? 0,
    expires_at: null,
    livemode: world.livemode,
    status: 'active',
  }));
}

/** Set up as soon as it is registered somewhere. */
function readSettings({ world, form }: ApiRequest): Stripe.Tax.Settings {
  parseParams(z.strictObject({}), form);
  const isSetUp = world.settings().taxRegistrations.length > 0;
  return {
    object: 'tax.settings',
    defaults: { provider: 'stripe', tax_behavior: 'exclusive', tax_code: null },
    head_office: null,
    livemode: world.livemode,
    status: isSetUp ? 'active' : 'pending',
    status_details: isSetUp ? { active: {} } : { pending: { missing_fields: ['head_office'] } },
  };
}

export const taxRoutes: Routes = {
  'GET /v1/tax/registrations': { resource: 'tax_registration', isList: true, run: listRegistrations },
  'GET /v1/tax/settings': { resource: 'tax_settings', run: readSettings },
};
