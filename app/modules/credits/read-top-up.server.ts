import { type Db } from '~/platform/db.server';

import { type Prisma } from '../../../prisma/generated/client';
import { findUsableCard } from './find-card.server';
import { readMonth } from './read-month.server';
import { type TopUpPurchase, type TopUpTerms, type TopUpView } from './shared';

/** So many of the latest purchases stand on the page; all of them stand in the history. */
const PURCHASES = 5;

const CARD = { brand: true, last4: true, expMonth: true, expYear: true } as const;
const CONSENT = {
  threshold: true,
  packCode: true,
  credits: true,
  amount: true,
  currency: true,
  monthlyCap: true,
} as const;

interface Whose {
  realmId: string;
  customerId: string;
}

/** What stands in the rows, without a look at Stripe. */
export async function readTopUp(
  db: Db,
  { now, ...whose }: Whose & { now: Date },
): Promise<Omit<TopUpView, 'isAwaited'>> {
  const [rule, setup, savedCard, purchases] = await Promise.all([
    readRule(db, whose),
    readOpenSetup(db, whose),
    findUsableCard(db, { ...whose, now }),
    readPurchases(db, whose),
  ]);
  const isWaiting = rule?.state === 'waiting';
  const state = rule === null || (isWaiting && setup === null) ? 'none' : rule.state;
  const agreed = isWaiting ? setup?.consent : rule?.consent;
  const terms = agreed ? await nameTerms(db, agreed) : undefined;
  const [last] = rule?.changes ?? [];
  const isPaused = rule?.state === 'paused' && rule.pauseReason !== null && last !== undefined;
  return {
    state,
    pause:
      isPaused && rule.pauseReason
        ? { reason: rule.pauseReason, detail: last.detail, at: last.at }
        : undefined,
    terms,
    card: rule?.card ?? undefined,
    savedCard,
    cardPage: setup?.sessionUrl ?? undefined,
    month: terms && state !== 'waiting' ? await monthOfTerms(db, whose, terms, now) : undefined,
    purchases,
  };
}

function readRule(db: Db, whose: Whose) {
  return db.topUpRule.findUnique({
    where: { realmId_customerId: whose },
    select: {
      state: true,
      pauseReason: true,
      consent: { select: CONSENT },
      card: { select: CARD },
      changes: { orderBy: { n: 'desc' }, take: 1, select: { detail: true, at: true } },
    },
  });
}

function readOpenSetup(db: Db, whose: Whose) {
  return db.cardSetup.findFirst({
    where: { ...whose, state: 'open' },
    orderBy: { createdAt: 'desc' },
    select: { sessionUrl: true, consent: { select: CONSENT } },
  });
}

/** By the name that the pack has now. */
async function nameTerms(db: Db, terms: Omit<TopUpTerms, 'packName'>): Promise<TopUpTerms> {
  const item = await db.catalogItem.findUnique({
    where: { code: terms.packCode },
    select: { versions: { orderBy: { n: 'desc' }, take: 1, select: { name: true } } },
  });
  return { ...terms, packName: item?.versions[0]?.name ?? terms.packCode };
}

async function monthOfTerms(db: Db, whose: Whose, terms: TopUpTerms, now: Date) {
  const { currency, monthlyCap: cap, amount } = terms;
  const month = await readMonth(db, { ...whose, terms, now });
  return { ...month, cap, currency, isReached: month.used + amount > cap };
}

const STATES: Record<Prisma.PaymentGetPayload<object>['state'], TopUpPurchase['state']> = {
  created: 'under_way',
  open: 'under_way',
  processing: 'under_way',
  expired: 'failed',
  canceled: 'failed',
  failed: 'failed',
  review: 'in_review',
  paid: 'paid',
};

async function readPurchases(db: Db, { realmId, customerId }: Whose): Promise<TopUpPurchase[]> {
  const rows = await db.payment.findMany({
    where: { realmId, customerId, kind: 'topup' },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: PURCHASES,
    select: {
      ...{ id: true, state: true, credits: true, currency: true },
      ...{ amountSubtotal: true, amountPaid: true, createdAt: true },
    },
  });
  return rows.map(({ id, state, amountSubtotal, amountPaid, createdAt, ...row }) => ({
    ...row,
    ...{ paymentId: id, state: STATES[state], amount: amountPaid ?? amountSubtotal, at: createdAt },
  }));
}
