import { type Db, inTransaction, type Tx } from '~/platform/db.server';

import { type CallKind, type CustomerInput } from './call-kinds.server';
import { type CallResult, planCall } from './calls.server';
import { type StripeSettings } from './client.server';
import { ensureStripeCustomer, forgetStripeCustomer } from './ensure-customer.server';
import { recordCall } from './record-call.server';
import { sendCall } from './send-call.server';

export interface PageInput {
  kind: Extract<CallKind, `${string}_session.create`>;
  /** The row that the page is for. */
  purpose: string;
  customer: CustomerInput;
  bodyFor: (stripeCustomer: string) => object;
  /** Records what came of the call, in one transaction with what changes by it. */
  record: (tx: Tx, call: { id: string; purpose: string }, result: CallResult) => Promise<void>;
}

export type OpenPageOutcome =
  /** Send the browser there. */
  | { outcome: 'opened'; sessionId: string; url: string }
  /** Stripe said no, and `record` was told: no page exists and no money can move. */
  | { outcome: 'refused' }
  /** No answer: a page may exist, but nobody has its address. The sweep of calls tells `record`'s room. */
  | { outcome: 'unknown' }
  /** There is no Stripe customer, so no page was asked for and `record` was told nothing. */
  | { outcome: 'no_customer'; why: { outcome: 'refused'; code: string } | { outcome: 'unknown' } };

/**
 * Opens one page of Stripe's for a customer, whose Stripe customer it makes where there is none, and makes anew, once,
 * where the account has lost it.
 */
export async function openPage(db: Db, settings: StripeSettings, page: PageInput): Promise<OpenPageOutcome> {
  const first = await ask(db, settings, page);
  if (first.outcome !== 'customer_gone') return first;
  const second = await ask(db, settings, page);
  if (second.outcome === 'customer_gone')
    throw new Error(`Stripe lost the new customer of ${page.purpose} as well.`);
  return second;
}

async function ask(
  db: Db,
  settings: StripeSettings,
  { kind, purpose, customer, bodyFor, record }: PageInput,
): Promise<OpenPageOutcome | { outcome: 'customer_gone' }> {
  const image = await ensureStripeCustomer(db, settings, customer);
  if (image.outcome !== 'ready') return { outcome: 'no_customer', why: image };
  const { realmId, customerId } = customer;
  const { stripeCustomer } = image;
  const params = bodyFor(stripeCustomer);
  const call = await inTransaction(db, 'plan page', (tx) => planCall(tx, { realmId, kind, purpose, params }));
  const result = await sendCall(db, settings, call);
  if (isCustomerGone(result)) {
    await inTransaction(db, 'forget stripe customer', async (tx) => {
      await recordCall(tx, call.id, result);
      await forgetStripeCustomer(tx, { realmId, customerId, stripeCustomer });
    });
    return { outcome: 'customer_gone' };
  }
  await inTransaction(db, 'record page', (tx) => record(tx, { id: call.id, purpose }, result));
  if (result.outcome !== 'succeeded') return { outcome: result.outcome };
  const { id: sessionId, url } = result.object;
  if (typeof url !== 'string') throw new Error(`Session ${sessionId} came without an address.`);
  return { outcome: 'opened', sessionId, url };
}

/** The customer named in a call is not, or no longer, in this account. */
export const isCustomerGone = (result: CallResult): boolean =>
  result.outcome === 'refused' && result.code === 'resource_missing' && result.param === 'customer';
