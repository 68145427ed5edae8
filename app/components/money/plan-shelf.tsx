import { type ReactNode } from 'react';

import { ButtonLink } from '~/components/ui/button';
import { type PlanView } from '~/modules/catalog/shared';

import { Amount } from './amount';
import { StartPlanForm } from './buy-form';
import { Credits } from './credits';
import { A_PERIOD, lifeOfCredits } from './plan-words';

export interface PlanShelfProps {
  plans: readonly PlanView[];
  order: string;
  buyer: 'nobody' | 'staff' | 'unverified' | 'ready' | 'subscribed';
  /** False while staff paused selling. */
  isSold: boolean;
}

/** The plans for sale, each with its button. Renders nothing when there are none. */
export function PlanShelf({ plans, order, buyer, isSold }: PlanShelfProps) {
  if (plans.length === 0) return null;
  return (
    <section aria-labelledby="plans" className="mt-14">
      <h2 id="plans" className="text-2xl font-semibold">
        Or have credits every month
      </h2>
      <p className="mb-6 mt-2 text-text-muted">
        New credits with each period. Cancel whenever you like; what is paid stays yours to its end.
      </p>
      <ul className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
        {plans.map((plan) => (
          <li key={plan.code} className="flex">
            <PlanCard plan={plan}>
              <PlanButton plan={plan} order={order} buyer={buyer} isSold={isSold} />
            </PlanCard>
          </li>
        ))}
      </ul>
    </section>
  );
}

function PlanButton({ plan, order, buyer, isSold }: { plan: PlanView } & Omit<PlanShelfProps, 'plans'>) {
  if (buyer === 'nobody')
    return (
      <ButtonLink to="/log-in?next=/" size="lg" block>
        Log in to start
      </ButtonLink>
    );
  if (buyer === 'subscribed')
    return (
      <ButtonLink to="/plan" size="lg" block>
        See your plan
      </ButtonLink>
    );
  return <StartPlanForm plan={plan} order={order} disabled={buyer !== 'ready' || !isSold} />;
}

function PlanCard({ plan, children }: { plan: PlanView; children: ReactNode }) {
  return (
    <article className="flex w-full flex-col rounded border bg-surface-raised p-6 shadow-card">
      <h3 className="text-lg font-semibold">{plan.name}</h3>
      <p className="mt-1 text-sm text-text-muted">{plan.description}</p>
      <p className="mt-6 text-3xl font-semibold">
        <Amount minor={plan.amount} currency={plan.currency} />{' '}
        <span className="text-base font-normal text-text-muted">{A_PERIOD[plan.interval]}</span>
      </p>
      <p className="mt-1 text-base">
        <Credits value={plan.credits} unit className="font-medium" />{' '}
        <span className="text-text-muted">{A_PERIOD[plan.interval]}</span>
      </p>
      <p className="mb-6 mt-4 text-xs text-text-muted">
        {plan.trialDays === null ? null : <Trial plan={plan} days={plan.trialDays} />}
        {lifeOfCredits(plan.interval, plan.rolloverPeriods)}
      </p>
      <div className="mt-auto">{children}</div>
    </article>
  );
}

function Trial({ plan, days }: { plan: PlanView; days: number }) {
  return (
    <>
      First plan? {days} days free
      {plan.trialCredits === null ? null : (
        <>
          {' '}
          with <Credits value={plan.trialCredits} unit />
        </>
      )}
      .{' '}
    </>
  );
}
