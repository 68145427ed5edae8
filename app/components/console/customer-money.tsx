import { Amount } from '~/components/money/amount';
import { Badge } from '~/components/ui/badge';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { Fact, FactList } from '~/components/ui/fact-list';
import { TimeAgo } from '~/components/ui/time';
import { type Tone } from '~/components/ui/tone';
import { type CustomerBackRow, type PlanRow, type TopUpView } from '~/modules/admin/shared';
import { realmWords } from './realm-mark';
import { inWords, startingLarge } from './state-badges';
import { StripeId } from './stripe-id';

/** A refund that is done is as it should be; a dispute that took the money is not. */
const toneOf = ({ kind, level }: CustomerBackRow): Tone =>
  level === 'pending' ? 'warn' : level === 'gone' && kind === 'dispute' ? 'bad' : 'idle';

/** Refunds and disputes of a customer's payments. */
export function MoneyBackTable({ rows }: { rows: readonly CustomerBackRow[] }) {
  return (
    <DataTable label="Refunds and disputes" minWidth="none">
      <THead>
        <Th>What</Th>
        <Th numeric>Amount</Th>
        <Th>Stands</Th>
        <Th numeric>Age</Th>
      </THead>
      <TBody>
        {rows.map((row) => (
          <Tr key={row.id}>
            <Td className="capitalize">
              <RowLink to={`/admin/payments/${row.paymentId}`}>{row.kind}</RowLink>
            </Td>
            <Td numeric className="font-medium">
              <Amount minor={row.amount} currency={row.currency} />
            </Td>
            <Td>
              <Badge tone={toneOf(row)}>{startingLarge(inWords(row.status))}</Badge>
            </Td>
            <Td numeric className="text-text-muted">
              <TimeAgo at={row.createdAt} className="relative whitespace-nowrap" />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

const PLAN_TONE: Record<PlanRow['status'], Tone> = {
  incomplete: 'warn',
  incomplete_expired: 'idle',
  trialing: 'info',
  active: 'ok',
  past_due: 'bad',
  unpaid: 'bad',
  paused: 'warn',
  canceled: 'idle',
};

/** Plans that go on or went on. */
export function PlanTable({ plans }: { plans: readonly PlanRow[] }) {
  return (
    <DataTable label="Plans" minWidth="none">
      <THead>
        <Th>Plan</Th>
        <Th>Status</Th>
        <Th className="hidden sm:table-cell">Owed</Th>
        <Th>Ends or renews</Th>
        <Th className="hidden sm:table-cell">At Stripe</Th>
      </THead>
      <TBody>
        {plans.map((plan) => (
          <Tr key={plan.id}>
            <Td className="font-medium">{plan.plan ?? 'A price of no catalogue'}</Td>
            <Td>
              <Badge tone={PLAN_TONE[plan.status]}>{startingLarge(inWords(plan.status))}</Badge>
            </Td>
            <Td className="hidden sm:table-cell">
              {plan.owed === null ? (
                <span className="text-text-muted">–</span>
              ) : (
                <Amount minor={plan.owed.amount} currency={plan.owed.currency} />
              )}
            </Td>
            <Td>
              {plan.endedAt !== null ? (
                <>
                  Ended <TimeAgo at={plan.endedAt} />
                </>
              ) : plan.endsAt !== null ? (
                <>
                  Ends <TimeAgo at={plan.endsAt} />
                </>
              ) : (
                <>
                  Renews <TimeAgo at={plan.periodEnd} />
                </>
              )}
            </Td>
            <Td className="hidden sm:table-cell">
              <StripeId id={plan.stripeId} label="subscription" realm={plan.realm} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

/** The rule by which credits buy more by themselves, in each realm. */
export function TopUpFacts({ rules }: { rules: readonly TopUpView[] }) {
  return (
    <FactList>
      {rules.map((rule) => (
        <Fact key={rule.id} label={realmWords(rule.realm)}>
          {startingLarge(rule.state)}
          {rule.pauseReason === null ? '' : `: ${inWords(rule.pauseReason)}`}, since{' '}
          <TimeAgo at={rule.updatedAt} />
        </Fact>
      ))}
    </FactList>
  );
}
