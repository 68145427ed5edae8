import { recordSetupCall } from '~/modules/credits/index.server';
import { recordSessionCall, recordTopUpCall } from '~/modules/payments/index.server';
import { recordRefundCall } from '~/modules/refunds/index.server';
import { type CallSettlers, recordCall, recordCustomerCall } from '~/modules/stripe/index.server';
import { recordActCall, recordOrderCall } from '~/modules/subscriptions/index.server';

/** The room that each kind of call is for. A page of the portal is for nothing but itself. */
export const CALL_SETTLERS: CallSettlers = {
  'customer.create': recordCustomerCall,
  'checkout_session.create': recordSessionCall,
  'subscription_session.create': recordOrderCall,
  'subscription.update': recordActCall,
  'refund.create': recordRefundCall,
  'payment_intent.create': recordTopUpCall,
  'setup_session.create': recordSetupCall,
  // What they ended is read from Stripe, not taken from their answer.
  'checkout_session.expire': (tx, call, result) => recordCall(tx, call.id, result),
  'subscription.cancel': (tx, call, result) => recordCall(tx, call.id, result),
  'payment_method.detach': (tx, call, result) => recordCall(tx, call.id, result),
  'portal_configuration.create': (tx, call, result) => recordCall(tx, call.id, result),
  'portal_session.create': (tx, call, result) => recordCall(tx, call.id, result),
};
