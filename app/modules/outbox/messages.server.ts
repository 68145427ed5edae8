import * as z from 'zod';

import { BOOKS, LOT_KINDS } from '~/modules/ledger/shared';
import { DISPUTE_STATUSES } from '~/modules/stripe/shared';

import { MESSAGE_TYPES, type MessageType } from './shared';

const id = (prefix: string, description: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_\\w+$`))
    .meta({ description, example: `${prefix}_0199f3c2a7b87d5e8f00a1b2c3d4e5f6` });
const at = (description: string) =>
  z.iso.datetime({ precision: 3 }).meta({ description, example: '2026-11-21T18:00:00.000Z' });
/** Credits, or money in the currency's smallest unit. */
const amount = (description: string, example: number) => z.int().meta({ description, example });
const words = (description: string, example: string | null) =>
  z.string().nullable().meta({ description, example });
const currency = z
  .string()
  .regex(/^[a-z]{3}$/)
  .meta({ description: 'Lower case; money is in its smallest unit.', example: 'usd' });
const book = z.enum(BOOKS).meta({ description: 'Live, or test.', example: 'test' });
const transfer = id('txf', 'The act of the ledger that did it.');
const payment = id('pay', 'The payment that it is about.');

const who = {
  book,
  customer: id('cst', 'Our id of the customer.'),
  external_id: words('Your own id of them, if they have one.', 'user_42'),
};
const balance = z
  .strictObject({
    available: amount('What can be spent now.', 497),
    held: amount('Set aside by holds.', 3),
    claimed: amount('Kept back while a refund or dispute is under way.', 0),
    debt: amount('Owed for credits that were spent and whose money went back.', 0),
    seq: amount("The number of the wallet's last entry.", 118),
  })
  .meta({
    id: 'MessageBalance',
    description:
      'The wallet once everything of the act was done, in credits. Messages can overtake each other: the one with the higher `seq` is later.',
  });
const lot = {
  lot: id('lot', 'The lot that the credits belong to.'),
  kind: z.enum(LOT_KINDS).meta({ description: 'Where its credits came from.' }),
  payment: id('pay', 'The payment that brought it, if one did.').nullable(),
  expires_at: at('When what is left of it expires, if ever.').nullable(),
};
const ended = at('When what is left of the lot expires.');
const claimed = { ...who, transfer, payment, amount: amount('Credits.', 100), balance };
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
const moneyBack = {
  ...who,
  payment,
  amount: amount('Money of it.', 380),
  currency,
  reason: words('Why, as Stripe has it, if it is known.', 'requested_by_customer'),
};

/**
 * What the product is told, by type: the `data` of each message. The triggers of the migration `outbox` write it, and a
 * test reads what they wrote with these.
 */
export const MESSAGES = {
  'payment.settled': z
    .strictObject({
      ...who,
      payment,
      kind: z.enum(['pack', 'plan', 'topup', 'offline']).meta({ description: 'What was bought, or how.' }),
      item: words('The code of what was sold.', 'starter'),
      quantity: amount('How many of it.', 1),
      credits: amount('What they bring.', 500),
      amount: amount('What was paid. Money.', 1900),
      currency,
      paid_at: at('When it was paid.'),
    })
    .describe('A payment settled; its credits are granted in the same transaction.'),
  'credits.granted': z
    .strictObject({
      ...who,
      ...lot,
      transfer,
      amount: amount('Credits.', 500),
      reason: words('What was said when they were given.', null),
      repaid_debt: amount('What of it went to debt. Credits.', 0),
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
      transfer,
      direction: z.enum(['added', 'subtracted']).meta({ description: 'Which way.' }),
      amount: amount('Credits.', 100),
      balance,
    })
    .describe('Staff corrected a customer’s credits.'),
  'credits.expired': z
    .strictObject({ ...who, ...lot, transfer, expires_at: ended, amount: amount('Credits.', 20), balance })
    .describe('Credits were not spent before their end and are gone.'),
  'credits.expiring': z
    .strictObject({
      ...who,
      ...lot,
      expires_at: ended,
      amount: amount('Credits that are left.', 20),
      balance,
    })
    .describe('Credits come near their end; told once for each lot, as early as the book’s notice says.'),
  'balance.low': z
    .strictObject({
      ...who,
      threshold: amount('The book’s, in credits.', 50),
      available: amount('What was left right then. Credits.', 47),
      balance,
    })
    .describe('Available credits fell below the book’s threshold; told once for each fall.'),
  'balance.depleted': z.strictObject({ ...who, balance }).describe('The last available credit went.'),
  'hold.expired': z
    .strictObject({
      ...who,
      hold: id('hld', 'The hold.'),
      amount: amount('What was set aside. Credits.', 3),
      returned: amount('What of it can be spent again.', 3),
      expired: amount('What of it was past its own end and is gone.', 0),
      expired_at: at('When it ended.'),
      reason: words('What was said when it was made.', 'Product photos, batch of 12'),
      balance,
    })
    .describe('A hold was neither captured nor released in time: `returned` of it can be spent again.'),
  'refund.updated': z
    .strictObject({
      ...moneyBack,
      refund: id('mbk', 'The refund.'),
      status: z.enum(REFUND_STATUSES).meta({ description: 'How far it has come.', example: 'succeeded' }),
      failure: words('Why it failed, as Stripe has it.', null),
    })
    .describe('A refund came to another status.'),
  'dispute.updated': z
    .strictObject({
      ...moneyBack,
      dispute: id('mbk', 'The dispute.'),
      status: z.enum(DISPUTE_STATUSES).meta({ description: 'How far it has come.' }),
      due_by: at('When evidence has to be there, if it has to.').nullable(),
    })
    .describe('A dispute came to another status.'),
  'endpoint.ping': z
    .strictObject({ book, endpoint: id('whe', 'The endpoint that is tried.') })
    .describe('Somebody tries whether an endpoint hears; it goes to that endpoint alone.'),
} as const satisfies Record<MessageType, z.ZodType>;

export const messageTypeSchema = z.enum(MESSAGE_TYPES);
