import * as z from 'zod';
import { createConfiguration, NO_FEATURES, updateConfiguration } from '../../engine/portal/configurations';
import { listPage } from '../lists';
import {
  bool,
  clearable,
  mergeMetadata,
  metadata,
  metadataPatch,
  nullableText,
  parseParams,
  text,
} from '../params';
import {
  businessProfileParams,
  checkNamedFeatures,
  featuresOf,
  featuresParams,
  loginPageParams,
} from '../portal-params';
import { invalid, missingObject, notPlayed } from '../refusal';
import type { ApiRequest, Routes } from '../request';

const NOUN = 'configuration';

const createParams = z.strictObject({
  business_profile: businessProfileParams.default({}),
  default_return_url: nullableText(),
  features: featuresParams,
  login_page: loginPageParams.optional(),
  metadata: metadata().default({}),
  name: nullableText(250),
});

function create({ world, form, cause }: ApiRequest): object {
  const params = parseParams(createParams, form);
  refuseLoginPage(params.login_page);
  checkNamedFeatures(params.features);
  const { headline, privacy_policy_url, terms_of_service_url } = params.business_profile;
  return createConfiguration(world, cause, {
    businessProfile: {
      headline: headline ?? null,
      privacy_policy_url: privacy_policy_url ?? null,
      terms_of_service_url: terms_of_service_url ?? null,
    },
    defaultReturnUrl: params.default_return_url,
    features: featuresOf(world, NO_FEATURES, params.features),
    isDefault: false,
    metadata: params.metadata,
    name: params.name,
  });
}

function refuseLoginPage(page: z.output<typeof loginPageParams> | undefined): void {
  if (page?.enabled) throw notPlayed("the portal's login page", 'login_page[enabled]');
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return found(world, id);
}

function found(world: ApiRequest['world'], id: string) {
  const configuration = world.store.portalConfigurations.get(id);
  if (!configuration) throw missingObject(NOUN, id);
  return configuration;
}

const updateParams = z.strictObject({
  active: bool().optional(),
  business_profile: businessProfileParams.default({}),
  default_return_url: clearable(text()).optional(),
  features: featuresParams.default({}),
  login_page: loginPageParams.optional(),
  metadata: metadataPatch().optional(),
  name: clearable(text(250)).optional(),
});

function update({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(updateParams, form);
  const before = found(world, id);
  refuseLoginPage(params.login_page);
  if (before.is_default && params.active === false) {
    throw invalid('The default configuration cannot be deactivated.', { param: 'active' });
  }
  const { headline, privacy_policy_url: privacy, terms_of_service_url: terms } = params.business_profile;
  return updateConfiguration(world, cause, {
    ...before,
    ...(params.active !== undefined && { active: params.active }),
    business_profile: {
      headline: headline === undefined ? before.business_profile.headline : headline,
      privacy_policy_url: privacy === undefined ? before.business_profile.privacy_policy_url : privacy,
      terms_of_service_url: terms === undefined ? before.business_profile.terms_of_service_url : terms,
    },
    ...(params.default_return_url !== undefined && { default_return_url: params.default_return_url }),
    features: featuresOf(world, before.features, params.features),
    ...(params.metadata !== undefined && { metadata: mergeMetadata(before.metadata ?? {}, params.metadata) }),
    ...(params.name !== undefined && { name: params.name }),
  });
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.portalConfigurations, {
    noun: NOUN,
    url: '/v1/billing_portal/configurations',
    filters: { active: bool().optional(), is_default: bool().optional() },
    select: ({ active, is_default: isDefault }) => ({
      where: (configuration) =>
        (active === undefined || configuration.active === active) &&
        (isDefault === undefined || configuration.is_default === isDefault),
    }),
  });
}

export const portalConfigurationRoutes: Routes = {
  'GET /v1/billing_portal/configurations': { resource: 'portal_configuration', isList: true, run: listAll },
  'POST /v1/billing_portal/configurations': { resource: 'portal_configuration', run: create },
  'GET /v1/billing_portal/configurations/:id': { resource: 'portal_configuration', run: retrieve },
  'POST /v1/billing_portal/configurations/:id': { resource: 'portal_configuration', run: update },
};
