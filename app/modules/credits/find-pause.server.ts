import { type PackForSale } from '~/modules/catalog/index.server';
import { type BalanceView } from '~/modules/ledger/shared';
import { type Tx } from '~/platform/db.server';
import { formatCredits, formatMoney } from '~/platform/money';

import { isExpired } from './card-expiry';
import { type AgreedRule } from './lock-rule.server';
import { type TopUpPause } from './shared';

export interface Pause {
  reason: TopUpPause;
  /** Stripe's sentence, or what differs. */
  detail?: string | undefined;
  /** What it was seen on. */
  subject?: string;
}

export interface Circumstances {
  balance: BalanceView;
  /** Undefined when it is on sale no more. */
  pack: PackForSale | undefined;
  /** Whether this shop sells without tax: a charge without a page cannot ask for what tax depends on. */
  isOffered: boolean;
  now: Date;
}

/** In which a bank decides nothing more. */
const CLOSED_DISPUTES = ['won', 'lost', 'warning_closed', 'prevented'];

/**
 * Why an automatic top-up must wait for its customer; undefined when it may go on. It is read from the rows alone, so it
 * comes out alike in whatever order they came. What happened before the consent in force was known to whoever gave it;
 * what still goes on was not settled by it.
 */
export async function findPause(
  tx: Tx,
  rule: AgreedRule,
  circumstances: Circumstances,
): Promise<Pause | undefined> {
  return (
    (await troubleOfMoney(tx, rule)) ??
    (await moneyWentBack(tx, rule)) ??
    troubleOfWallet(circumstances.balance) ??
    troubleOfCard(rule.card, circumstances.now) ??
    troubleOfPack(rule.consent, circumstances)
  );
}

async function troubleOfMoney(
  tx: Tx,
  { realmId, customerId, consent }: AgreedRule,
): Promise<Pause | undefined> {
  const since = { at: { gt: consent.at } };
  const payment = await tx.payment.findFirst({
    where: {
      ...{ realmId, customerId, kind: 'topup' },
      OR: [
        { state: 'failed', failureCode: { not: null }, changes: { some: { to: 'failed', ...since } } },
        { state: 'review', changes: { some: { to: 'review', ...since } } },
      ],
    },
    orderBy: { createdAt: 'desc' },
    select: { id: true, failureCode: true, failure: true },
  });
  if (payment === null) return undefined;
  const subject = `payment:${payment.id}`;
  if (payment.failureCode === null) return { reason: 'in_review', subject };
  const reason = PAUSE_OF_CODE[payment.failureCode] ?? 'declined';
  return { reason, subject, ...(TELLS.has(reason) ? { detail: payment.failure ?? undefined } : {}) };
}

const PAUSE_OF_CODE: Readonly<Record<string, TopUpPause>> = {
  authentication_required: 'authentication',
  payment_intent_authentication_failure: 'authentication',
  expired_card: 'card_expired',
  resource_missing: 'card_gone',
  refused: 'refused',
  canceled: 'refused',
};
/** Where Stripe's sentence is for the cardholder. */
const TELLS = new Set<TopUpPause>(['declined']);

async function moneyWentBack(tx: Tx, { customerId, realm, consent }: AgreedRule): Promise<Pause | undefined> {
  const payment = { customerId, realm: { mode: realm.mode } };
  const since = { createdAt: { gt: consent.at } };
  const row = await tx.moneyBack.findFirst({
    where: {
      OR: [
        { kind: 'dispute', payment, OR: [{ status: { notIn: CLOSED_DISPUTES } }, since] },
        { kind: 'refund', payment, level: { not: 'none' }, ...since },
      ],
    },
    orderBy: [{ kind: 'desc' }, { createdAt: 'desc' }],
    select: { id: true, kind: true },
  });
  return row === null ? undefined : { reason: row.kind, subject: `money_back:${row.id}` };
}

/** Whether a bank still decides about a payment of this customer. */
export async function hasOpenDispute(
  tx: Tx,
  { customerId, mode }: { customerId: string; mode: 'test' | 'live' },
): Promise<boolean> {
  const payment = { customerId, realm: { mode } };
  const open = { kind: 'dispute' as const, status: { notIn: CLOSED_DISPUTES }, payment };
  return (await tx.moneyBack.count({ where: open })) > 0;
}

function troubleOfWallet({ debt, frozen }: BalanceView): Pause | undefined {
  if (debt > 0n) return { reason: 'debt' };
  return frozen ? { reason: 'frozen' } : undefined;
}

function troubleOfCard(card: AgreedRule['card'], now: Date): Pause | undefined {
  if (card.isGone) return { reason: 'card_gone' };
  return isExpired(card, now) ? { reason: 'card_expired' } : undefined;
}

function troubleOfPack(
  { credits, amount, currency }: AgreedRule['consent'],
  { pack, isOffered }: Circumstances,
): Pause | undefined {
  if (!isOffered) return { reason: 'not_offered' };
  if (pack === undefined) return { reason: 'pack_gone' };
  const agreed = `${formatMoney(amount, currency)} for ${formatCredits(credits)} credits`;
  const now = `${formatMoney(pack.amount, currency)} for ${formatCredits(pack.credits)}`;
  const isDearer = pack.amount > amount || pack.credits < credits;
  return isDearer
    ? { reason: 'price_risen', detail: `You agreed to ${agreed}; it is ${now} now.` }
    : undefined;
}
