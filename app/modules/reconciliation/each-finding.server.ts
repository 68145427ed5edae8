import { isPassing } from '~/modules/stripe/index.server';
import { log } from '~/platform/log.server';

/**
 * Does the same for each finding. A fault of one is logged and keeps none of the others from it; where Stripe does not
 * answer, it ends here, and the next run goes on.
 * @returns for how many `act` said `done`
 */
export async function eachFinding<T extends { id: string }>(
  findings: readonly T[],
  act: (finding: T) => Promise<'done' | 'left' | 'end'>,
): Promise<number> {
  let done = 0;
  for (const finding of findings) {
    const did = await act(finding).catch((error: unknown) => {
      log.error('finding could not be looked at', { finding: finding.id, error });
      return isPassing(error) ? 'end' : 'left';
    });
    if (did === 'end') break;
    if (did === 'done') done += 1;
  }
  return done;
}
