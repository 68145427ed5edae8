import { reconcile } from './reconcile.server';
import { type Reconciler } from './reconciler';

/**
 * Goes on with scheduled runs whose worker was cut off. One that somebody walks is left to them, so that Stripe is not asked
 * at twice the pace.
 * @throws StripeError when Stripe does not answer in all of the pacer's tries
 */
export async function resumeRuns(deps: Reconciler): Promise<void> {
  for (const plan of ['hourly', 'nightly'] as const) {
    const left = await deps.db.reconcileRun.findFirst({
      where: {
        ...{ realmId: deps.realm.id, plan, state: 'running' },
        parts: { none: { leasedUntil: { gt: deps.now() } } },
      },
      select: { from: true, before: true },
    });
    // Of its own span: one that is stuck is replaced by the schedule, not by who goes on with it.
    if (left) await reconcile(deps, { plan, actor: 'system', ...left });
  }
}
