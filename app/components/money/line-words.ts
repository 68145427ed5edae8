import { type CustomerLine } from '~/modules/ledger/shared';
import { assertNever } from '~/platform/assert-never';

export interface LineWords {
  title: string;
  /** Why, where the title alone leaves a customer wondering. */
  detail?: string;
}

/** What a movement was, in a customer's words. */
export function lineWords(line: Pick<CustomerLine, 'kind' | 'from' | 'to'>): LineWords {
  const { kind, from, to } = line;
  switch (kind) {
    case 'grant':
      return { title: 'Credits added' };
    case 'spend':
      return { title: 'Spent' };
    case 'hold':
      return { title: 'Held', detail: 'Set aside for something under way.' };
    case 'capture':
      return to === 'spent' ? { title: 'Spent from held credits' } : endOfHold(to);
    case 'release':
      return endOfHold(to);
    case 'claim':
      return claimWords(from, to);
    case 'expire':
      return { title: 'Expired' };
    case 'reverse':
      return { title: 'Spend undone', detail: 'The credits are yours again.' };
    case 'adjust':
      return { title: to === 'available' ? 'Added by support' : 'Taken by support' };
    case 'repay':
      return to === 'debt_issued'
        ? { title: 'Debt repaid' }
        : { title: 'Used to repay debt', detail: 'New credits repay first what is owed.' };
    default:
      return assertNever(kind);
  }
}

function endOfHold(to: CustomerLine['to']): LineWords {
  return to === 'expired'
    ? { title: 'Held credits expired', detail: 'They would have expired while they were held.' }
    : { title: 'Held credits returned' };
}

function claimWords(from: CustomerLine['from'], to: CustomerLine['to']): LineWords {
  if (to === 'claimed') return { title: 'Held back', detail: 'Their payment is being refunded or disputed.' };
  if (to === 'revoked.refund') return { title: 'Taken back', detail: 'Their payment was refunded.' };
  if (to === 'revoked.dispute') return { title: 'Taken back', detail: 'Their payment was disputed.' };
  if (to === 'debt')
    return { title: 'Debt', detail: 'Credits of a payment that went back had been spent already.' };
  if (from === 'debt') return { title: 'Debt cancelled', detail: 'Their payment stands again.' };
  return { title: 'Given back', detail: 'Their payment stands again.' };
}
