import { findPackForSale, type PackForSale } from '~/modules/catalog/index.server';
import { isPausedThroughout } from '~/modules/pauses/index.server';
import { readBalance } from '~/modules/ledger/index.server';
import { type StripeSettings } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { findUsableCard } from './find-card.server';
import { hasOpenDispute } from './find-pause.server';
import { type LockedRule, lockRule } from './lock-rule.server';
import { moveRule } from './move-rule.server';
import { type CardPage, openCardPage } from './open-card-page.server';
import { consentWords, type TopUpTerms } from './shared';

export interface AgreeInput {
  realm: RealmView;
  customer: { id: string; email: string | null; name: string | null };
  /** As the sentence beside the box named them. */
  terms: Omit<TopUpTerms, 'packName'>;
  /** Whether a card that is saved already may be charged. */
  useSavedCard: boolean;
  from: { ip: string; userAgent: string | undefined };
  /** Origin of our own pages, without a trailing slash. */
  appUrl: string;
  now: Date;
}

export type AgreeOutcome =
  /** It is on, and looked at at once. */
  | { outcome: 'on' }
  /** Send the browser to Stripe's page to save a card; it is on when the card is there. */
  | { outcome: 'redirect'; url: string }
  | { outcome: 'unknown_pack' }
  /** The pack costs more, or brings less, than the sentence said. */
  | { outcome: 'price_changed' }
  | { outcome: 'cap_below_price' }
  /** Settle it first: a purchase would go where the customer does not look. */
  | { outcome: 'in_debt' | 'frozen' | 'in_dispute' }
  /** Staff paused selling: nothing is agreed. */
  | { outcome: 'selling_paused' }
  /** The shop adds tax, which depends on what only a payment page asks for. */
  | { outcome: 'not_offered' }
  /** Stripe made no page to save a card on. */
  | { outcome: 'refused' | 'unknown' };

/** Turns an automatic top-up on, on anew after a pause, or over to other terms: always by a consent that is kept. */
export async function agree(db: Db, settings: StripeSettings, input: AgreeInput): Promise<AgreeOutcome> {
  if (settings.automaticTax === true) return { outcome: 'not_offered' };
  const { realm, terms } = input;
  const { currency, packCode: code } = terms;
  const pack = await findPackForSale(db, { realmId: realm.id, code, currency });
  if (pack === undefined) return { outcome: 'unknown_pack' };
  if (pack.amount > terms.amount || pack.credits < terms.credits) return { outcome: 'price_changed' };
  if (terms.monthlyCap < terms.amount) return { outcome: 'cap_below_price' };
  const written = await inTransaction(db, 'agree to top-up', (tx) => write(tx, input, pack));
  return written.outcome === 'page' ? openCardPage(db, settings, written.page) : written;
}

type Written = Exclude<AgreeOutcome, { outcome: 'redirect' }> | { outcome: 'page'; page: CardPage };

async function write(tx: Tx, input: AgreeInput, pack: PackForSale): Promise<Written> {
  const { realm, customer, now } = input;
  if (await isPausedThroughout(tx, { book: realm.mode, work: 'selling' }))
    return { outcome: 'selling_paused' };
  const key = { realmId: realm.id, customerId: customer.id };
  await tx.topUpRule.createMany({
    data: [{ id: newId('tur'), ...key, state: 'waiting' }],
    skipDuplicates: true,
  });
  const rule = await lockRule(tx, key);
  if (rule === undefined) throw new Error(`The rule of ${customer.id} vanished.`);
  const trouble = await troubleNow(tx, realm, customer.id);
  if (trouble !== undefined) return { outcome: trouble };
  const consent = await keepConsent(tx, rule, input, pack);
  const card = input.useSavedCard ? await findUsableCard(tx, { ...key, now }) : undefined;
  const cause = `customer:${customer.id}`;
  if (card !== undefined) {
    await moveRule(tx, rule, { to: 'on', consent, cardId: card.id, cause });
    return { outcome: 'on' };
  }
  // What is on or paused stays so until the new card is there.
  if (rule.state === 'off' || rule.state === 'waiting') await moveRule(tx, rule, { to: 'waiting', cause });
  const setupId = newId('cds');
  await tx.cardSetup.create({ data: { id: setupId, ...key, consentId: consent.id }, select: { id: true } });
  const { appUrl } = input;
  return { outcome: 'page', page: { setupId, realm, customer, currency: pack.currency, appUrl } };
}

async function troubleNow(
  tx: Tx,
  { mode: book }: RealmView,
  customerId: string,
): Promise<'in_debt' | 'frozen' | 'in_dispute' | undefined> {
  if (await hasOpenDispute(tx, { customerId, mode: book })) return 'in_dispute';
  const { debt, frozen } = await readBalance(tx, { book, customerId });
  if (debt > 0n) return 'in_debt';
  return frozen ? 'frozen' : undefined;
}

async function keepConsent(tx: Tx, { id: ruleId }: LockedRule, input: AgreeInput, pack: PackForSale) {
  const { packCode, threshold, credits, currency, amount, monthlyCap } = input.terms;
  const n = (await tx.topUpConsent.count({ where: { ruleId } })) + 1;
  return tx.topUpConsent.create({
    data: {
      ...{ id: newId('tuc'), ruleId, n, packCode, threshold, credits, currency, amount, monthlyCap },
      words: consentWords({ ...input.terms, packName: pack.name }),
      actor: `customer:${input.customer.id}`,
      ip: input.from.ip,
      agent: input.from.userAgent ?? null,
    },
  });
}
