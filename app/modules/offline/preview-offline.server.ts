import { readBalance } from '~/modules/ledger/index.server';
import { type Db } from '~/platform/db.server';

import { offlineBody } from './offline-body.server';
import { referenceKeyOf } from './reference-key';
import { type OfflineChannel } from './shared';

/** What recording a payment would do as things stand now. Amount in the currency's smallest unit. */
export interface OfflinePreview {
  credits: bigint;
  amount: bigint;
  currency: string;
  channel: OfflineChannel;
  reference: string;
  before: { available: bigint; debt: bigint };
  /** A grant repays what is owed first. */
  after: { available: bigint; debt: bigint };
  /** The payment that this reference is already. */
  recordedAs: string | undefined;
}

/** Shows a request for a payment made outside Stripe to the person who decides about it. */
export async function previewOffline(
  db: Db,
  request: { book: 'test' | 'live'; body: unknown },
): Promise<OfflinePreview> {
  const { book } = request;
  const { customerId, currency, channel, reference, ...text } = offlineBody.parse(request.body);
  const [credits, amount] = [BigInt(text.credits), BigInt(text.amount)];
  const [{ available, debt }, recorded] = await Promise.all([
    readBalance(db, { book, customerId }),
    db.offlinePayment.findUnique({
      where: { book_channel_referenceKey: { book, channel, referenceKey: referenceKeyOf(reference) } },
      select: { paymentId: true },
    }),
  ]);
  const repaid = credits < debt ? credits : debt;
  return {
    ...{ credits, amount, currency, channel, reference },
    before: { available, debt },
    after: { available: available + credits - repaid, debt: debt - repaid },
    recordedAs: recorded?.paymentId,
  };
}
