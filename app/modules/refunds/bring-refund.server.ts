import { addJob } from '~/modules/jobs/index.server';
import {
  keepMoneyBack,
  type KeptMoneyBack,
  type LockedPayment,
  type MoneyBackInput,
} from '~/modules/payments/index.server';
import { type FactContext } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { type RefundStatus } from './shared';
import { REFUND_LEVEL, REFUND_RANK } from './state';

type Said = Omit<MoneyBackInput, 'kind' | 'status' | 'rank' | 'level' | 'taken'> & { status: RefundStatus };

/** Brings a refund of a locked payment to where it stands now, and has its customer told when the money has gone. */
export async function bringRefund(
  tx: Tx,
  payment: LockedPayment,
  said: Said,
  context: Pick<FactContext, 'book' | 'cause' | 'at'>,
): Promise<KeptMoneyBack> {
  const level = REFUND_LEVEL[said.status];
  const kept = await keepMoneyBack(
    tx,
    payment,
    {
      ...said,
      ...{ kind: 'refund', rank: REFUND_RANK[said.status], level },
      taken: level === 'none' ? 0n : said.amount,
    },
    context,
  );
  if (kept.outcome === 'raised' && level === 'gone')
    await addJob(tx, 'refunds.mail', { refundId: kept.id }, { key: `refunds.mail:${kept.id}` });
  return kept;
}
