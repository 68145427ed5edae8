import { askApproval } from '~/modules/approvals/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';

import { type OfflineBody } from './offline-body.server';
import { referenceKeyOf } from './reference-key';
import { type OfflineChannel } from './shared';

export interface OfflineRequest {
  realm: RealmView;
  customerId: string;
  /** A version of a pack and how many of it, or credits that were agreed on. */
  sold: { versionId: string; quantity: number } | { credits: bigint };
  /** What was paid, in the currency's smallest unit; above zero. */
  amount: bigint;
  currency: string;
  channel: OfflineChannel;
  reference: string;
  /** The dialog's, so that sending it again asks once. */
  key: string;
  /** A user's id. */
  actor: string;
  role: 'finance' | 'admin';
  reason: string;
  comment: string;
}

export type AskOfflineOutcome =
  /** A second person is asked; `isRepeat` when the same dialog had asked before. */
  | { outcome: 'asked'; approvalId: string; isRepeat: boolean }
  /** This reference waits for approval already, asked for from another dialog. */
  | { outcome: 'already_asked'; approvalId: string }
  /** This reference is a payment already. */
  | { outcome: 'already_recorded'; paymentId: string }
  /** Nobody records money for the wallet of their own log-in. */
  | { outcome: 'own_wallet' }
  | { outcome: 'unknown_customer' | 'unknown_pack' | 'nothing_sold' };

/** Asks a second person to let a payment made outside Stripe be recorded. Whatever its amount, one alone never does. */
export function askOffline(db: Db, request: OfflineRequest): Promise<AskOfflineOutcome> {
  return inTransaction(db, 'ask offline', (tx) => ask(tx, request));
}

async function ask(tx: Tx, request: OfflineRequest): Promise<AskOfflineOutcome> {
  const { realm, customerId, amount, currency, channel, key, actor, role, reason, comment } = request;
  const { mode: book } = realm;
  const reference = request.reference.trim();
  const referenceKey = referenceKeyOf(reference);
  if (amount <= 0n) return { outcome: 'nothing_sold' };
  const customer = await tx.customer.findUnique({ where: { id: customerId }, select: { id: true } });
  if (customer === null) return { outcome: 'unknown_customer' };
  const sold = await whatIsSold(tx, request.sold);
  if (sold === undefined) return { outcome: 'unknown_pack' };
  if (sold.credits <= 0n) return { outcome: 'nothing_sold' };
  const recorded = await tx.offlinePayment.findUnique({
    where: { book_channel_referenceKey: { book, channel, referenceKey } },
    select: { paymentId: true },
  });
  if (recorded) return { outcome: 'already_recorded', ...recorded };
  const body: OfflineBody = {
    ...{ kind: 'offline', realmId: realm.id, customerId, currency, channel, reference, key },
    ...{ versionId: sold.versionId, quantity: sold.quantity },
    ...{ credits: String(sold.credits), amount: String(amount) },
  };
  const asked = await askApproval(tx, {
    ...({ book, act: 'offline', actor, role, customerId, unit: currency, amount } as const),
    ...{ subject: `${book}:${channel}:${referenceKey}`, body: { ...body }, reason, comment },
    preview: { pack: sold.name, credits: body.credits, amount: body.amount, currency, channel, reference },
  });
  switch (asked.outcome) {
    case 'asked':
      return { outcome: 'asked', approvalId: asked.approvalId, isRepeat: false };
    case 'already_asked':
      return (await isOfDialog(tx, asked.approvalId, key))
        ? { outcome: 'asked', approvalId: asked.approvalId, isRepeat: true }
        : asked;
    case 'own_wallet':
      return asked;
  }
}

async function whatIsSold(tx: Tx, sold: OfflineRequest['sold']) {
  if ('credits' in sold) return { versionId: null, quantity: 1, credits: sold.credits, name: null };
  const version = await tx.catalogVersion.findFirst({
    where: { id: sold.versionId, item: { kind: 'pack' } },
    select: { id: true, name: true, credits: true },
  });
  if (version === null) return undefined;
  const { id: versionId, name } = version;
  const { quantity } = sold;
  return { versionId, quantity, credits: version.credits * BigInt(quantity), name };
}

async function isOfDialog(tx: Tx, approvalId: string, key: string): Promise<boolean> {
  const { body } = await tx.approval.findUniqueOrThrow({ where: { id: approvalId }, select: { body: true } });
  return typeof body === 'object' && body !== null && 'key' in body && body['key'] === key;
}
