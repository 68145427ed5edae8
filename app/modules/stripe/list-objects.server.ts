import type Stripe from 'stripe';
import * as z from 'zod';

import { assertNever } from '~/platform/assert-never';
import { log } from '~/platform/log.server';
import { fromUnix, seconds, toUnix } from '~/platform/time';

import { stripeClient, type StripeSettings } from './client.server';
import { factOfKind } from './facts.server';
import { type ListedKind, type Ours, type StripeFact } from './shared';

/** An object of a list, and when it was made. */
export interface ListedObject {
  fact: StripeFact;
  created: Date;
  /** What our metadata says on the PaymentIntent behind a refund or a dispute, which carry none of it themselves. */
  parentOurs: Ours | undefined;
}

export interface ListedPage {
  objects: ListedObject[];
  /** The page's last id, readable or not; undefined where the page is empty. */
  last: string | undefined;
  hasMore: boolean;
  /** Objects that have not the shape of this API version. */
  unreadable: number;
}

export interface ListWindow {
  kind: ListedKind;
  from: Date;
  before: Date;
  /** The last id of the page before. */
  after: string | undefined;
}

const PAGE = 100;
const TIMEOUT = { timeout: seconds(20) };

interface RawList {
  data: { id?: string; created?: number }[];
  has_more: boolean;
}

/**
 * One page of the objects that this account made within the window, newest first: a hundred in one question.
 * @throws StripeError when Stripe does not answer
 */
export async function listObjects(settings: StripeSettings, window: ListWindow): Promise<ListedPage> {
  const list = await ask(stripeClient(settings), window);
  const objects: ListedObject[] = [];
  for (const raw of list.data) {
    const read = readListed(window.kind, raw);
    if (read) objects.push(read);
  }
  return {
    objects,
    last: list.data.at(-1)?.id,
    hasMore: list.has_more,
    unreadable: list.data.length - objects.length,
  };
}

function ask(stripe: Stripe, { kind, from, before, after }: ListWindow): Promise<RawList> {
  const of = {
    limit: PAGE,
    created: { gte: toUnix(from), lt: toUnix(before) },
    ...(after === undefined ? {} : { starting_after: after }),
  };
  const withParent = { ...of, expand: ['data.payment_intent'] };
  switch (kind) {
    case 'checkout.session':
      return stripe.checkout.sessions.list(of, TIMEOUT);
    case 'payment_intent':
      return stripe.paymentIntents.list(of, TIMEOUT);
    case 'charge':
      return stripe.charges.list(of, TIMEOUT);
    case 'invoice':
      return stripe.invoices.list(of, TIMEOUT);
    case 'subscription':
      return stripe.subscriptions.list({ ...of, status: 'all' }, TIMEOUT);
    case 'refund':
      return stripe.refunds.list(withParent, TIMEOUT);
    case 'dispute':
      return stripe.disputes.list(withParent, TIMEOUT);
    default:
      return assertNever(kind);
  }
}

const made = z.object({ created: z.int().transform(fromUnix) });
const behind = z.object({ payment_intent: z.looseObject({ object: z.literal('payment_intent') }) });

/** One that cannot be read must not keep the others from being compared. */
function readListed(kind: ListedKind, raw: unknown): ListedObject | undefined {
  try {
    const { created } = made.parse(raw);
    const parent = behind.safeParse(raw);
    const parentOurs = parent.success
      ? factOfKind('payment_intent', parent.data.payment_intent).ours
      : undefined;
    return { fact: factOfKind(kind, raw), created, parentOurs };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    log.error('listed object not readable', { kind, error: z.prettifyError(error) });
    return undefined;
  }
}
