import * as z from 'zod';
import 'zod-openapi';

import { BOOKS, HOLD_STATES, LEDGER_ACCOUNTS, LOT_KINDS, TRANSFER_KINDS } from '~/modules/ledger/shared';
import { PAYMENT_STATES } from '~/modules/payments/shared';

import { GRANT_KINDS } from './grant-by-client.server';
import { exampleOf } from './request-schemas.server';

/** An id of ours in an answer. */
const ownId = (prefix: string, description: string) =>
  z.string().meta({ description, example: exampleOf(prefix) });

const time = z.iso.datetime().meta({ description: 'ISO 8601, UTC.', example: '2026-11-21T18:00:00.000Z' });
const amount = z.int().min(0);
const book = z
  .enum(BOOKS)
  .meta({ description: 'Live, or test. Credits of one never reach the other.', example: 'test' });
const externalId = z
  .string()
  .nullable()
  .meta({ description: 'Your own id of them, if they have one.', example: 'user_42' });
const ofCustomer = { customer: ownId('cst', 'Our id of the customer.'), external_id: externalId };
const fourFigures = {
  available: amount.meta({ description: 'What can be spent now.', example: 497 }),
  held: amount.meta({ description: 'Set aside by holds.', example: 3 }),
  claimed: amount.meta({ description: 'Kept back while a refund or dispute is under way.', example: 0 }),
  debt: amount.meta({
    description: 'Owed for credits that were spent and whose money went back.',
    example: 0,
  }),
};
const createdAt = time.meta({ description: 'When it was written.' });
const expiresAt = (description: string, example: string | null) =>
  time.nullable().meta({ description, example });
const balanceAfter = z
  .strictObject({ available: fourFigures.available, held: fourFigures.held, debt: fourFigures.debt })
  .meta({ id: 'BalanceAfter', description: 'The wallet right after the act. Credits.' });

export const balanceAnswer = z
  .strictObject({
    object: z.literal('balance'),
    book,
    ...ofCustomer,
    ...fourFigures,
    is_frozen: z.boolean().meta({ description: 'While true, nothing can be spent or held.' }),
    seq: amount.meta({ description: "The number of the wallet's last entry.", example: 118 }),
    as_of: time.meta({ description: 'The instant of which it is true.' }),
  })
  .meta({ id: 'Balance', description: 'What a customer has in one book. Credits.' });

const act = {
  id: ownId('txf', 'The id of this act.'),
  book,
  ...ofCustomer,
  amount: z.int().min(1).meta({ description: 'Credits.', example: 3 }),
  balance: balanceAfter,
  seq: amount.meta({ description: 'The last entry that it wrote.', example: 118 }),
  created_at: createdAt,
};
const holdEnd = time.meta({
  description: 'When it ends by itself, and what is held comes back.',
  example: '2026-11-21T18:15:00.000Z',
});

export const spendAnswer = z.strictObject({ object: z.literal('spend'), ...act }).meta({ id: 'Spend' });

export const reversalAnswer = z
  .strictObject({
    object: z.literal('reversal'),
    ...act,
    reverses: ownId('txf', 'The spend or capture that it took back.'),
  })
  .meta({ id: 'Reversal' });

export const captureAnswer = z
  .strictObject({ object: z.literal('capture'), ...act, hold: ownId('hld', 'The hold that was captured.') })
  .meta({
    id: 'Capture',
    description: 'Its id can be reversed like a spend. What was not captured was released.',
  });

export const releaseAnswer = z
  .strictObject({ object: z.literal('release'), ...act, hold: ownId('hld', 'The hold that was released.') })
  .meta({ id: 'Release' });

export const newHoldAnswer = z
  .strictObject({
    object: z.literal('hold'),
    ...act,
    id: ownId('hld', 'The id of the hold.'),
    state: z.literal('active').meta({ description: 'As it is made.' }),
    captured: z.literal(0).meta({ description: 'What of it was spent. Credits.' }),
    expires_at: holdEnd,
  })
  .meta({ id: 'NewHold' });

export const holdAnswer = z
  .strictObject({
    object: z.literal('hold'),
    id: ownId('hld', 'The id of the hold.'),
    book,
    ...ofCustomer,
    state: z.enum(HOLD_STATES).meta({ description: 'Whether it still holds, or how it ended.' }),
    amount: z.int().min(1).meta({ description: 'What was set aside. Credits.', example: 3 }),
    captured: amount.meta({ description: 'What of it was spent. Credits.', example: 0 }),
    expires_at: holdEnd,
    created_at: createdAt,
  })
  .meta({ id: 'Hold' });

export const grantAnswer = z
  .strictObject({
    object: z.literal('grant'),
    ...act,
    kind: z.enum(GRANT_KINDS).meta({ description: 'Why they were given.' }),
    lot: ownId('lot', 'The credits that were given, as a lot of the wallet.'),
    expires_at: expiresAt('When what is left of them is gone, if ever.', '2027-01-01T00:00:00.000Z'),
  })
  .meta({ id: 'Grant', description: 'Debt is repaid of it at once: `balance` says what is left.' });

const lotKind = z.enum(LOT_KINDS).meta({ description: 'Where its credits came from.' });
const lotEnd = expiresAt('When what is left of it expires, if ever.', null);

const lot = z
  .strictObject({
    id: ownId('lot', 'The id of the lot.'),
    kind: lotKind,
    granted: z.int().min(1).meta({ description: 'What it began with. Credits.', example: 500 }),
    left: amount.meta({ description: 'What of it can be spent now. Credits.', example: 497 }),
    expires_at: lotEnd,
    payment: ownId('pay', 'The payment that brought it, if one did.').nullable(),
  })
  .meta({ id: 'Lot', description: 'Credits of one origin and one expiry.' });

export const customerAnswer = z
  .strictObject({
    object: z.literal('customer'),
    id: ownId('cst', 'Our id of the customer.'),
    external_id: externalId,
    email: z
      .string()
      .nullable()
      .meta({ description: 'Where they get mail, if it is known.', example: 'maya@example.com' }),
    name: z
      .string()
      .nullable()
      .meta({ description: 'What they call themselves, if it is known.', example: 'Maya Lindqvist' }),
    created_at: time.meta({ description: 'When we first knew of them.' }),
    balance: balanceAnswer,
    lots: z.array(lot).meta({ description: 'What can be spent, in the order in which it is. At most 100.' }),
  })
  .meta({ id: 'Customer' });

const account = (description: string, example: (typeof LEDGER_ACCOUNTS)[number]) =>
  z.enum(LEDGER_ACCOUNTS).meta({ description, example });

const line = z
  .strictObject({
    seq: z.int().min(1).meta({ description: 'Its number in the wallet, without gaps.', example: 118 }),
    transfer: ownId('txf', 'The act that wrote it; an act can write several lines.'),
    kind: z.enum(TRANSFER_KINDS).meta({ description: 'What kind of act it was.', example: 'spend' }),
    from: account('Where the credits came from.', 'available'),
    to: account('Where they went.', 'spent'),
    amount: z.int().min(1).meta({ description: 'What moved. Credits.', example: 3 }),
    change: z.int().meta({ description: 'What it did to `available`.', example: -3 }),
    balance: z.strictObject(fourFigures).meta({ description: 'The wallet right after it. Credits.' }),
    lot: z
      .strictObject({ id: ownId('lot', 'The id of the lot.'), kind: lotKind, expires_at: lotEnd })
      .nullable()
      .meta({ description: 'The lot that the credits belong to.' }),
    payment: ownId('pay', 'The payment that the lot came by, if one did.').nullable(),
    hold: ownId('hld', 'The hold that it belongs to, if it belongs to one.')
      .nullable()
      .meta({ example: null }),
    reason: z
      .string()
      .nullable()
      .meta({ description: 'What was said when it was done.', example: 'Product photos, batch of 12' }),
    reverses: ownId('txf', 'The act that it took back, if it took one back.')
      .nullable()
      .meta({ example: null }),
    reversed_by: ownId('txf', 'The act that took it back, if one did.').nullable().meta({ example: null }),
    occurred_at: time.meta({ description: 'When it happened.' }),
    recorded_at: time.meta({ description: 'When it was written.' }),
  })
  .meta({ id: 'LedgerLine' });

export const ledgerAnswer = z
  .strictObject({
    object: z.literal('list'),
    book,
    ...ofCustomer,
    as_of: time.meta({ description: 'The instant of which it is true.' }),
    data: z.array(line).meta({ description: 'The lines, newest first.' }),
    has_more: z.boolean().meta({ description: 'Whether there are older lines.', example: true }),
    next_before: z
      .int()
      .nullable()
      .meta({ description: 'Ask for the next page with `before` set to this.', example: 69 }),
  })
  .meta({ id: 'LedgerPage' });

const money = (description: string, example: number) => amount.meta({ description, example });

export const paymentAnswer = z
  .strictObject({
    object: z.literal('payment'),
    id: ownId('pay', 'The id of the payment.'),
    book,
    ...ofCustomer,
    kind: z.enum(['pack', 'plan', 'topup', 'offline']).meta({ description: 'What was bought, or how.' }),
    state: z.enum(PAYMENT_STATES).meta({ description: 'How far it has come.', example: 'paid' }),
    credits: amount.meta({ description: 'What it sells, or sold.', example: 500 }),
    currency: z
      .string()
      .meta({ description: 'Lower case; amounts are in its smallest unit.', example: 'usd' }),
    amount_subtotal: money('The price, before discount and tax.', 1900),
    amount_discount: money('What a code took off; null until it is settled.', 0).nullable(),
    amount_tax: money('Tax; null until it is settled.', 0).nullable(),
    amount_paid: money('What was paid; null until it is settled.', 1900).nullable(),
    amount_refunded: money('What refunds have brought back.', 0),
    amount_disputed: money('What disputes hold or have taken.', 0),
    created_at: createdAt,
    paid_at: time.nullable().meta({ description: 'When it was settled; null until then.' }),
  })
  .meta({ id: 'Payment' });

export const storeLinkAnswer = z
  .strictObject({
    object: z.literal('store_link'),
    id: ownId('lnk', 'The id of the link.'),
    book,
    ...ofCustomer,
    url: z.url().meta({
      description: 'Send the browser of this very customer here, once, within two minutes.',
      example: 'https://credits.example.com/enter/…',
    }),
    return_url: z
      .url()
      .meta({ description: 'Where the store sends them back.', example: 'https://app.example.com/credits' }),
    expires_at: time.meta({ description: 'When it opens nothing any more.' }),
  })
  .meta({ id: 'StoreLink' });
