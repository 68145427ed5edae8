import * as z from 'zod';
import 'zod-openapi';

import { BOOKS, HOLD_STATES, LEDGER_ACCOUNTS, LOT_KINDS, TRANSFER_KINDS } from '~/modules/ledger/shared';
import { PAYMENT_STATES } from '~/modules/payments/shared';
import { parseInstant } from '~/platform/time';

import { GRANT_KINDS } from './grant-by-client.server';

/** What one request may move: far above any sale, and far below what JSON holds exactly. */
const MOST_CREDITS = 1_000_000_000_000;

const EXTERNAL = '[A-Za-z0-9._:@+|=~-]{1,128}';

export const customerRef = z
  .string()
  .regex(
    new RegExp(`^${EXTERNAL}$`),
    'Name a customer by our id (cst_…) or by your own: 1 to 128 letters, digits and . _ - : @ + | = ~',
  )
  .meta({
    description:
      'A customer: our id `cst_…`, or your own id of them, which is theirs from its first use on. 1 to 128 letters, digits and `. _ - : @ + | = ~`.',
    example: 'user_42',
  });

export const credits = z
  .int('Credits are a whole number.')
  .min(1, 'Credits are above zero.')
  .max(MOST_CREDITS, `At most ${MOST_CREDITS} credits at once.`)
  .meta({ description: 'Credits: a whole number above zero.', example: 3 });

export const reason = z
  .string()
  .min(1, 'Leave it out, or say something.')
  .max(200, 'At most 200 characters.')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Leave out line breaks, control characters and halves of characters.')
  .meta({
    description: 'What for, in words that the customer reads in their history.',
    example: 'Product photos, batch of 12',
  });

/** An id of ours in a path; what does not look like one names nothing. */
export const idOf = (prefix: string, what: string) =>
  z
    .string()
    .max(80, 'No id of ours is that long.')
    .regex(/^[A-Za-z0-9_]+$/, 'An id of ours has letters, digits and _.')
    .meta({
      description: `The id of ${what}, \`${prefix}_…\`.`,
      example: `${prefix}_0199f3c2a7b87d5e8f00a1b2c3d4e5f6`,
    });

/** An instant to the microsecond, with its offset. */
export const instant = z
  .string()
  .refine((text) => parseInstant(text) !== undefined, 'Write it as 2026-11-21T18:00:00Z.')
  .transform((text) => new Date(parseInstant(text) ?? text))
  .meta({ override: { type: 'string', format: 'date-time' } });

const time = z.iso.datetime().meta({ description: 'ISO 8601, UTC.', example: '2026-11-21T18:00:00.000Z' });
const amount = z.int().min(0);
const book = z.enum(BOOKS).meta({ description: 'Live, or test. Credits of one never reach the other.' });
const ofCustomer = {
  customer: z
    .string()
    .meta({ description: 'Our id of the customer.', example: 'cst_0199f3c2a7b87d5e8f00a1b2c3d4e5f6' }),
  external_id: z
    .string()
    .nullable()
    .meta({ description: 'Your own id of them, if they have one.', example: 'user_42' }),
};
const balanceAfter = z
  .strictObject({ available: amount, held: amount, debt: amount })
  .meta({ id: 'BalanceAfter', description: 'The wallet right after the act. Credits.' });

export const balanceAnswer = z
  .strictObject({
    object: z.literal('balance'),
    book,
    ...ofCustomer,
    available: amount.meta({ description: 'What can be spent now.' }),
    held: amount.meta({ description: 'Set aside by holds.' }),
    claimed: amount.meta({ description: 'Kept back while a refund or dispute is under way.' }),
    debt: amount.meta({ description: 'Owed for credits that were spent and whose money went back.' }),
    is_frozen: z.boolean().meta({ description: 'While true, nothing can be spent or held.' }),
    seq: amount.meta({ description: "The number of the wallet's last entry." }),
    as_of: time,
  })
  .meta({ id: 'Balance' });

const act = {
  id: z.string(),
  book,
  ...ofCustomer,
  amount: z.int().min(1).meta({ description: 'Credits.' }),
  balance: balanceAfter,
  seq: amount.meta({ description: 'The last entry that it wrote.' }),
  created_at: time,
};

export const spendAnswer = z.strictObject({ object: z.literal('spend'), ...act }).meta({ id: 'Spend' });

export const reversalAnswer = z
  .strictObject({
    object: z.literal('reversal'),
    ...act,
    reverses: z.string().meta({ description: 'The spend or capture that it took back.' }),
  })
  .meta({ id: 'Reversal' });

export const captureAnswer = z.strictObject({ object: z.literal('capture'), ...act, hold: z.string() }).meta({
  id: 'Capture',
  description: 'Its id can be reversed like a spend. What was not captured was released.',
});

export const releaseAnswer = z
  .strictObject({ object: z.literal('release'), ...act, hold: z.string() })
  .meta({ id: 'Release' });

export const newHoldAnswer = z
  .strictObject({
    object: z.literal('hold'),
    ...act,
    state: z.literal('active'),
    expires_at: time,
  })
  .meta({ id: 'NewHold' });

export const holdAnswer = z
  .strictObject({
    object: z.literal('hold'),
    id: z.string(),
    book,
    ...ofCustomer,
    state: z.enum(HOLD_STATES),
    amount: z.int().min(1).meta({ description: 'What was set aside. Credits.' }),
    captured: amount.meta({ description: 'What of it was spent. Credits.' }),
    expires_at: time,
    created_at: time,
  })
  .meta({ id: 'Hold' });

export const grantAnswer = z
  .strictObject({
    object: z.literal('grant'),
    ...act,
    kind: z.enum(GRANT_KINDS),
    lot: z.string(),
    expires_at: time.nullable(),
  })
  .meta({ id: 'Grant', description: 'Debt is repaid of it at once: `balance` says what is left.' });

const lot = z
  .strictObject({
    id: z.string(),
    kind: z.enum(LOT_KINDS),
    granted: z.int().min(1),
    left: amount,
    expires_at: time.nullable(),
    payment: z.string().nullable(),
  })
  .meta({ id: 'Lot', description: 'Credits of one origin and one expiry.' });

export const customerAnswer = z
  .strictObject({
    object: z.literal('customer'),
    id: z.string(),
    external_id: z.string().nullable(),
    email: z.string().nullable(),
    name: z.string().nullable(),
    created_at: time,
    balance: balanceAnswer,
    lots: z.array(lot).meta({ description: 'What can be spent, in the order in which it is. At most 100.' }),
  })
  .meta({ id: 'Customer' });

const line = z
  .strictObject({
    seq: z.int().min(1),
    transfer: z.string(),
    kind: z.enum(TRANSFER_KINDS),
    from: z.enum(LEDGER_ACCOUNTS),
    to: z.enum(LEDGER_ACCOUNTS),
    amount: z.int().min(1).meta({ description: 'What moved.' }),
    change: z.int().meta({ description: 'What it did to `available`.' }),
    balance: z.strictObject({ available: amount, held: amount, claimed: amount, debt: amount }),
    lot: z.strictObject({ id: z.string(), kind: z.enum(LOT_KINDS), expires_at: time.nullable() }).nullable(),
    payment: z.string().nullable(),
    hold: z.string().nullable(),
    reason: z.string().nullable(),
    reverses: z.string().nullable(),
    reversed_by: z.string().nullable(),
    occurred_at: time,
    recorded_at: time,
  })
  .meta({ id: 'LedgerLine' });

export const ledgerAnswer = z
  .strictObject({
    object: z.literal('list'),
    book,
    ...ofCustomer,
    as_of: time,
    data: z.array(line),
    has_more: z.boolean(),
    next_before: z.int().nullable().meta({ description: 'Ask for the next page with `before` set to this.' }),
  })
  .meta({ id: 'LedgerPage' });

const money = z.int().min(0).nullable();

export const paymentAnswer = z
  .strictObject({
    object: z.literal('payment'),
    id: z.string(),
    book,
    ...ofCustomer,
    kind: z.enum(['pack', 'plan', 'topup', 'offline']),
    state: z.enum(PAYMENT_STATES),
    credits: amount.meta({ description: 'What it sells, or sold.' }),
    currency: z
      .string()
      .meta({ description: 'Lower case; amounts are in its smallest unit.', example: 'usd' }),
    amount_subtotal: z.int().min(0),
    amount_discount: money,
    amount_tax: money,
    amount_paid: money.meta({ description: 'Null until it is settled.' }),
    amount_refunded: z.int().min(0).meta({ description: 'What refunds have brought back.' }),
    amount_disputed: z.int().min(0).meta({ description: 'What disputes hold or have taken.' }),
    created_at: time,
    paid_at: time.nullable(),
  })
  .meta({ id: 'Payment' });

export const storeLinkAnswer = z
  .strictObject({
    object: z.literal('store_link'),
    id: z.string(),
    book,
    ...ofCustomer,
    url: z
      .url()
      .meta({ description: 'Send the browser of this very customer here, once, within two minutes.' }),
    return_url: z.url(),
    expires_at: time,
  })
  .meta({ id: 'StoreLink' });
