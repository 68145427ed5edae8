/** What of an account is looked at and set up: endpoint, prices, portal. */
export { type AccountLook, type EndpointView, lookAtAccount } from './look-at-account.server';
export { knowsObject, lookAtPrice, type PriceLook } from './look-at-prices.server';
export { changeEndpoint, type EndpointStep, makeEndpoint } from './set-up-endpoint.server';
export { planEndpoint, removeEndpoint } from './set-up-endpoint.server';
export { lookAtPortal, setUpPortal } from './set-up-portal.server';
