import { assertNever } from '~/platform/assert-never';

import { type EndCause } from './end-cause';

/** One sentence or two for its customer. `owed` is what did not go through, where that is known. */
export function endCauseWords(
  cause: EndCause,
  { plan, day, owed }: { plan: string; day: string; owed: string | undefined },
): string {
  switch (cause) {
    case 'asked':
      return `${plan} ended on ${day}, as you asked.`;
    case 'canceled':
      return `${plan} was canceled and ended on ${day}.`;
    case 'ended_early':
      return `we ended ${plan} on ${day}, before its period was over. If you did not expect that, write to us.`;
    case 'second':
      return `${plan} ended on ${day}, since it stood beside the plan that you have. That one goes on.`;
    case 'payment_failed':
      return `${plan} ended on ${day}, since ${owed === undefined ? 'its payment' : `the payment of ${owed} for it`} did not go through. Your card is not tried again.`;
    case 'payment_disputed':
      return `${plan} ended on ${day}, since a payment for it was disputed with your bank.`;
    case 'unknown':
      return `${plan} ended on ${day}.`;
    default:
      return assertNever(cause);
  }
}
