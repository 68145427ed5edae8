import { Form } from '@remix-run/react';

import { SubmitButton } from '~/components/ui/button';
import { Card } from '~/components/ui/card';
import { PLAN_INTENTS, type PlanChoice } from '~/modules/subscriptions/shared';
import { formatMoney } from '~/platform/money';

import { Amount } from './amount';
import { Credits } from './credits';
import { A_PERIOD } from './plan-words';

/** The plans that one can change to; each button says what is paid and when. Renders nothing when there are none. */
export function PlanChoices({
  subscriptionId,
  choices,
}: {
  subscriptionId: string;
  choices: readonly PlanChoice[];
}) {
  if (choices.length === 0) return null;
  return (
    <Card
      title="Change your plan"
      description="Credits that you have stay as they are. Nothing is charged or given back in part."
    >
      <ul className="divide-y">
        {choices.map((choice) => (
          <li key={choice.code} className="flex flex-wrap items-center justify-between gap-3 py-3">
            <div className="min-w-0">
              <p className="font-medium">{choice.name}</p>
              <p className="text-sm text-text-muted">
                <Credits value={choice.credits} unit /> for{' '}
                <Amount minor={choice.amount} currency={choice.currency} /> {A_PERIOD[choice.interval]}
              </p>
            </div>
            <Form method="post">
              <input type="hidden" name="intent" value={PLAN_INTENTS.change} />
              <input type="hidden" name="subscription" value={subscriptionId} />
              <input type="hidden" name="currency" value={choice.currency} />
              {/* The name tells this form's button from those of its neighbours while it is sent. */}
              <SubmitButton name="plan" value={choice.code} pendingLabel="Asking Stripe…">
                {choice.change === 'now'
                  ? `Change now and pay ${formatMoney(choice.amount, choice.currency)}`
                  : 'Change with the next period'}
              </SubmitButton>
            </Form>
          </li>
        ))}
      </ul>
    </Card>
  );
}
