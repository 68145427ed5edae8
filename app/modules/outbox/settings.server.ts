import { env } from '~/platform/env.server';

import { type AddressRules, addressRules } from './address.server';

/** Where this process may send messages. */
export function outboxRules(): AddressRules {
  const { CREDENCE_MODE, OUTBOX_ALLOW } = env();
  return addressRules(CREDENCE_MODE, OUTBOX_ALLOW);
}
