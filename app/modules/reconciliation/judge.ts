import { type ListedObject } from '~/modules/stripe/index.server';
import { assertNever } from '~/platform/assert-never';

import { FOREIGN, type Judged } from './difference';
import { judgeDispute, judgeRefund } from './judge-money-back';
import { judgeInvoice, judgeSubscription } from './judge-plan';
import { judgeCharge, judgeIntent, judgeSession } from './judge-sale';
import { type Ours } from './ours';

/** One object of Stripe's beside our rows: whether it is ours, and in what they differ. It reads nothing and moves nothing. */
export function judgeObject(
  { fact, parentOurs }: Pick<ListedObject, 'fact' | 'parentOurs'>,
  ours: Ours,
): Judged {
  switch (fact.kind) {
    case 'session':
      return judgeSession(fact, ours);
    case 'intent':
      return judgeIntent(fact, ours);
    case 'charge':
      return judgeCharge(fact, ours);
    case 'invoice':
      return judgeInvoice(fact, ours);
    case 'subscription':
      return judgeSubscription(fact, ours);
    case 'refund':
      return judgeRefund(fact, parentOurs, ours);
    case 'dispute':
      return judgeDispute(fact, parentOurs, ours);
    case 'charge_refunds':
    case 'card':
    case 'card_setup':
      return FOREIGN;
    default:
      return assertNever(fact);
  }
}
