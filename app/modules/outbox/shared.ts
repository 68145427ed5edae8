import * as z from 'zod';

import { BOOKS, LOT_KINDS } from '~/modules/ledger/shared';
import { DISPUTE_STATUSES } from '~/modules/stripe/shared';

const id = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_\\w+$`));
const at = z.iso.datetime({ precision: 3 });
/** Credits, or money in the currency's smallest unit. */
const amount = z.int();
const currency = z.string().regex(/^[a-z]{3}$/);

const who = {
  book: z.enum(BOOKS),
  customer: id('cst'),
  /** The product's own name for the customer, if it gave one. */
  external_id: z.string().nullable(),
};
/** What the wallet held once everything of the act was done, in credits; `seq` is the number of its last entry. */
const balance = z.strictObject({
  available: amount,
  held: amount,
  claimed: amount,
  debt: amount,
  seq: z.int(),
});
const lot = {
  lot: id('lot'),
  kind: z.enum(LOT_KINDS),
  payment: id('pay').nullable(),
  expires_at: at.nullable(),
};
const claimed = { ...who, transfer: id('txf'), payment: id('pay'), amount, balance };
/** As the room of refunds has them, which stands beside this one. */
const REFUND_STATUSES = [
  'awaiting_approval',
  'requested',
  'sending',
  'pending',
  'succeeded',
  'failed',
  'canceled',
  'rejected',
] as const;
const moneyBack = { ...who, payment: id('pay'), amount, currency, reason: z.string().nullable() };

/**
 * What the product is told, by type: the `data` of each message. The triggers of the migration `outbox` write it, and a
 * test reads what they wrote with these.
 */
export const MESSAGES = {
  'payment.settled': z
    .strictObject({
      ...who,
      payment: id('pay'),
      kind: z.enum(['pack', 'plan', 'topup', 'offline']),
      /** The code of what was sold. */
      item: z.string().nullable(),
      quantity: z.int(),
      credits: amount,
      amount,
      currency,
      paid_at: at,
    })
    .describe('A payment settled; its credits are granted in the same transaction.'),
  'credits.granted': z
    .strictObject({
      ...who,
      ...lot,
      transfer: id('txf'),
      amount,
      reason: z.string().nullable(),
      repaid_debt: amount,
      balance,
    })
    .describe('Credits were added; `repaid_debt` of them paid what the customer owed at once.'),
  'credits.revoked': z
    .strictObject(claimed)
    .describe('A refund or dispute took credits of a payment for good.'),
  'credits.held_back': z
    .strictObject(claimed)
    .describe('A refund or dispute that is not decided yet keeps credits of a payment from being spent.'),
  'credits.restored': z
    .strictObject(claimed)
    .describe(
      'A refund failed or a dispute was won: credits that were held back or revoked can be spent again.',
    ),
  'credits.adjusted': z
    .strictObject({
      ...who,
      transfer: id('txf'),
      direction: z.enum(['added', 'subtracted']),
      amount,
      balance,
    })
    .describe('Staff corrected a customer’s credits.'),
  'credits.expired': z
    .strictObject({ ...who, ...lot, transfer: id('txf'), expires_at: at, amount, balance })
    .describe('Credits were not spent before their end and are gone.'),
  'credits.expiring': z
    .strictObject({ ...who, ...lot, expires_at: at, amount, balance })
    .describe('Credits come near their end; told once for each lot, as early as the book’s notice says.'),
  'balance.low': z
    .strictObject({ ...who, threshold: amount, available: amount, balance })
    .describe('Available credits fell below the book’s threshold; told once for each fall.'),
  'balance.depleted': z.strictObject({ ...who, balance }).describe('The last available credit went.'),
  'hold.expired': z
    .strictObject({
      ...who,
      hold: id('hld'),
      amount,
      returned: amount,
      expired: amount,
      expired_at: at,
      reason: z.string().nullable(),
      balance,
    })
    .describe('A hold was neither captured nor released in time: `returned` of it can be spent again.'),
  'refund.updated': z
    .strictObject({
      ...moneyBack,
      refund: id('mbk'),
      status: z.enum(REFUND_STATUSES),
      failure: z.string().nullable(),
    })
    .describe('A refund came to another status.'),
  'dispute.updated': z
    .strictObject({
      ...moneyBack,
      dispute: id('mbk'),
      status: z.enum(DISPUTE_STATUSES),
      due_by: at.nullable(),
    })
    .describe('A dispute came to another status.'),
  'endpoint.ping': z
    .strictObject({ book: z.enum(BOOKS), endpoint: id('whe') })
    .describe('Somebody tries whether an endpoint hears; it goes to that endpoint alone.'),
} as const;

export type MessageType = keyof typeof MESSAGES;
export const messageTypeSchema = z.enum(Object.keys(MESSAGES) as MessageType[]);

/** Whether messages go there: off by a person, disabled by itself. A removed one is gone but for its log. */
export type EndpointState = 'on' | 'off' | 'disabled' | 'removed';

/** Why an endpoint was disabled: it answered 410, or every try of a day failed. */
export type DisableReason = 'gone' | 'failing';

/** Pending while it is tried; failed once it is given up; canceled when its endpoint stopped listening. */
export const SENDING_STATES = ['pending', 'sent', 'failed', 'canceled'] as const;
export type SendingState = (typeof SENDING_STATES)[number];

/** Why a request got no answer. */
export type PostError =
  | 'address_not_allowed'
  | 'name_not_found'
  | 'connection_refused'
  | 'connection_lost'
  | 'unreachable'
  | 'tls_failed'
  | 'timed_out'
  | 'bad_answer';

/** Why an address cannot be an endpoint's. */
export type AddressFault = 'not_a_url' | 'not_https' | 'has_credentials' | 'address_not_allowed';
