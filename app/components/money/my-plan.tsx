import { Form } from '@remix-run/react';

import { Badge } from '~/components/ui/badge';
import { ButtonLink, ButtonRow, SubmitButton } from '~/components/ui/button';
import { Card } from '~/components/ui/card';
import { Fact, FactList } from '~/components/ui/fact-list';
import { Notice } from '~/components/ui/notice';
import { Timestamp } from '~/components/ui/time';
import { type MyPlan, type PlanName, PLAN_INTENTS } from '~/modules/subscriptions/shared';

import { Amount } from './amount';
import { Credits } from './credits';
import { A_PERIOD, PLAN_STATE_TONE, PLAN_STATE_WORD } from './plan-words';

/** One plan of a customer: where it stands, what comes next, and what they can do. */
export function MyPlanCard({ plan: mine }: { plan: MyPlan }) {
  const { plan, state } = mine;
  return (
    <Card
      title={plan?.name ?? 'Your plan'}
      actions={<Badge tone={PLAN_STATE_TONE[state]}>{PLAN_STATE_WORD[state]}</Badge>}
    >
      {mine.owed === undefined ? null : <Owed mine={mine} owed={mine.owed} />}
      {mine.isChanging ? (
        <Notice tone="info" role="status" className="mb-4">
          A change is under way. This page shows it once Stripe has answered.
        </Notice>
      ) : null}
      {mine.isOfFormer && mine.state !== 'ended' ? (
        <Notice tone="info" className="mb-4">
          It renews and brings its credits as before. To have another plan, let this one end first.
        </Notice>
      ) : null}
      <FactList>
        {plan === undefined ? null : <Price plan={plan} />}
        <WhatComes mine={mine} />
      </FactList>
      <Acts mine={mine} />
    </Card>
  );
}

function Price({ plan }: { plan: PlanName }) {
  return (
    <>
      <Fact label="Credits">
        <Credits value={plan.credits} unit /> {A_PERIOD[plan.interval]}
      </Fact>
      <Fact label="Price">
        <Amount minor={plan.amount} currency={plan.currency} /> {A_PERIOD[plan.interval]}
      </Fact>
    </>
  );
}

function WhatComes({ mine }: { mine: MyPlan }) {
  if (mine.endsAt !== null)
    return (
      <Fact label={mine.state === 'ended' ? 'Ended' : 'Ends'}>
        <Timestamp at={mine.endsAt} />
      </Fact>
    );
  const label = mine.state === 'trial' ? 'First payment' : 'Next renewal';
  return (
    <>
      <Fact label={label}>
        <Timestamp at={mine.periodEnd} />
      </Fact>
      {mine.next === undefined ? null : (
        <Fact label="From then on">
          {mine.next.name}: <Credits value={mine.next.credits} unit /> {A_PERIOD[mine.next.interval]} for{' '}
          <Amount minor={mine.next.amount} currency={mine.next.currency} />
        </Fact>
      )}
    </>
  );
}

function Owed({ mine, owed }: { mine: MyPlan; owed: NonNullable<MyPlan['owed']> }) {
  return (
    <Notice
      tone="bad"
      className="mb-4"
      title={
        <>
          <Amount minor={owed.amount} currency={owed.currency} /> could not be collected
        </>
      }
      action={
        <ButtonLink to={`/plan/${mine.id}/pay`} reloadDocument size="sm" variant="primary">
          Pay now
        </ButtonLink>
      }
    >
      The credits of this period are added as soon as it is paid.
      {owed.nextTryAt === null ? null : (
        <>
          {' '}
          Your card is tried again on <Timestamp at={owed.nextTryAt} />.
        </>
      )}
    </Notice>
  );
}

function Acts({ mine }: { mine: MyPlan }) {
  const isEnding = mine.endsAt !== null;
  const act = isEnding ? PLAN_INTENTS.resume : PLAN_INTENTS.cancel;
  return (
    <Form method="post" className="mt-4 border-t pt-4">
      <input type="hidden" name="subscription" value={mine.id} />
      <ButtonRow>
        {mine.state === 'ended' || mine.isChanging ? null : (
          <SubmitButton name="intent" value={act} pendingLabel="Asking Stripe…">
            {isEnding ? 'Keep the plan' : 'Cancel at the end of the period'}
          </SubmitButton>
        )}
        <SubmitButton name="intent" value={PLAN_INTENTS.portal} pendingLabel="Opening…">
          Cards and invoices
        </SubmitButton>
      </ButtonRow>
    </Form>
  );
}
