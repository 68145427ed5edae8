import * as z from 'zod';
import { defaultConfiguration } from '../../engine/portal/configurations';
import { createPortalSession } from '../../engine/portal/portal-sessions';
import type { World } from '../../engine/world';
import { parseUrl } from '../../parse-url';
import { parseParams, text, unplayed } from '../params';
import { flowOf, flowParams } from '../portal-flow';
import { invalid, missingReference, missingParam } from '../refusal';
import type { ApiRequest, Routes } from '../request';

const createParams = z.strictObject({
  after_expiration: unplayed('portal sessions with after_expiration'),
  configuration: text().optional(),
  customer: text().optional(),
  customer_account: unplayed('portal sessions with customer_account'),
  flow_data: flowParams.optional(),
  locale: text().optional(),
  on_behalf_of: unplayed('portal sessions with on_behalf_of'),
  return_url: text().optional(),
});

function create({ world, form, cause }: ApiRequest): object {
  const params = parseParams(createParams, form);
  const { customer, flow_data: flow, return_url: returnUrl } = params;
  if (customer === undefined) {
    throw missingParam('customer');
  }
  if (!world.store.customers.get(customer)) throw missingReference('customer', customer, 'customer');
  if (returnUrl !== undefined && parseUrl(returnUrl) === undefined) {
    throw invalid('Not a valid URL', { code: 'url_invalid', param: 'return_url' });
  }
  const { configuration, isNew } = configurationOf(world, params.configuration);
  return createPortalSession(world, cause, {
    customer,
    configuration,
    flow: flow ? flowOf({ world, customer, configuration }, flow) : null,
    locale: params.locale ?? null,
    returnUrl: returnUrl ?? null,
    isNewConfiguration: isNew,
  });
}

function configurationOf(world: World, id: string | undefined) {
  if (id === undefined) {
    const found = defaultConfiguration(world);
    if (found.outcome === 'found') return found;
    const [mode, path] = world.livemode ? ['live', ''] : ['test', 'test/'];
    throw invalid(
      `No configuration provided and your ${mode} mode default configuration has not been created. Provide a configuration or create your default by saving your customer portal settings in ${mode} mode at https://dashboard.stripe.com/${path}settings/billing/portal.`,
    );
  }
  const configuration = world.store.portalConfigurations.get(id);
  if (!configuration) throw missingReference('configuration', id, 'configuration');
  if (!configuration.active) {
    throw invalid(`The configuration \`${id}\` is not active.`, { param: 'configuration' });
  }
  return { configuration, isNew: false };
}

export const portalSessionRoutes: Routes = {
  'POST /v1/billing_portal/sessions': { resource: 'portal_session', run: create },
};
