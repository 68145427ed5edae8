import type Stripe from 'stripe';
import { HOUR_SECONDS, MINUTE_SECONDS } from '../../durations';
import { randomText } from '../../ids';
import { happening, type Happening } from '../happening';
import { idIn, type Cause, type World } from '../world';

type PortalSession = Stripe.BillingPortal.Session;
type Configuration = Stripe.BillingPortal.Configuration;

const UNUSED_SECONDS = 5 * MINUTE_SECONDS;
const IDLE_SECONDS = HOUR_SECONDS;

export interface PortalSessionInput {
  customer: string;
  configuration: Configuration;
  flow: PortalSession['flow'];
  locale: PortalSession['locale'];
  returnUrl: string | null;
  /** The configuration is made by this very act. */
  isNewConfiguration: boolean;
}

/** A session's page is open to whoever has its address, so that holds a token that nobody can guess. */
export function createPortalSession(world: World, cause: Cause, input: PortalSessionInput): PortalSession {
  const token = `${world.livemode ? 'live' : 'test'}_${randomText(60)}`;
  const session = world.store.portalSessions.put({
    id: world.ids.long('bps'),
    object: 'billing_portal.session',
    configuration: input.configuration.id,
    created: world.now(),
    customer: input.customer,
    customer_account: null,
    flow: input.flow,
    livemode: world.livemode,
    locale: input.locale,
    on_behalf_of: null,
    return_url: input.returnUrl ?? input.configuration.default_return_url,
    url: `${world.origin}/p/session/${token}`,
  });
  const happenings: Happening[] = [happening('billing_portal.session.created', session)];
  if (input.isNewConfiguration) {
    const configuration = world.store.portalConfigurations.put(input.configuration);
    happenings.unshift(happening('billing_portal.configuration.created', configuration));
  }
  world.publish(cause, happenings);
  return session;
}

export type SessionFound =
  | { outcome: 'open'; session: PortalSession; customer: Stripe.Customer; configuration: Configuration }
  /** It was left unused, or nobody looked at it for an hour, or its customer is gone. */
  | { outcome: 'expired'; returnUrl: string | null }
  | { outcome: 'unknown_session' };

/** The session of an address; finding it keeps it alive. */
export function visitSession(world: World, token: string): SessionFound {
  const session = world.store.portalSessions.first('token', token);
  if (!session) return { outcome: 'unknown_session' };
  const now = world.now();
  const visit = world.store.portalVisits.get(session.id);
  const expiresAt = visit ? visit.lastSeen + IDLE_SECONDS : session.created + UNUSED_SECONDS;
  const customer = world.store.customers.get(session.customer);
  if (!customer || now >= expiresAt) return { outcome: 'expired', returnUrl: session.return_url };
  world.store.portalVisits.put({ id: session.id, lastSeen: now });
  const configuration = world.store.portalConfigurations.must(idIn(session.configuration) ?? '');
  return { outcome: 'open', session, customer, configuration };
}
