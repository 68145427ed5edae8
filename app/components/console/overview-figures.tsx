import { Amount } from '~/components/money/amount';
import { Credits } from '~/components/money/credits';
import { TimeAgo } from '~/components/ui/time';
import { type ListCount, type OverviewView, REFUSED_QUERY } from '~/modules/admin/shared';
import { DISPUTE_ANSWERABLE } from '~/modules/disputes/shared';
import { formatCredits } from '~/platform/money';
import { countWords } from './count-words';
import { Figure } from './figure';

const toneWhen = <T,>(count: ListCount, tone: T): T | undefined => (count.n > 0 ? tone : undefined);

/** What came in today. */
export function MoneyFigures({ view }: { view: OverviewView }) {
  const { settled, revenue, outstanding, today, monthStart } = view;
  const missing = settled.payments - settled.granted;
  const settledToday = `/admin/payments?settled=${today}`;
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Figure
        label="Payments settled today"
        to={settledToday}
        value={formatCredits(BigInt(settled.payments))}
      >
        {formatCredits(BigInt(view.days.reduce((sum, day) => sum + day.settled, 0)))} in 30 days
      </Figure>
      <Figure
        label="Revenue today"
        to={settledToday}
        value={
          revenue[0] === undefined ? '–' : <Amount minor={revenue[0].today} currency={revenue[0].currency} />
        }
      >
        <Revenue revenue={revenue} since={monthStart} />
      </Figure>
      <Figure
        label="Credits granted today"
        to={settledToday}
        value={<Credits value={settled.credits} />}
        tone={missing > 0 ? 'bad' : undefined}
      >
        {missing > 0
          ? `${formatCredits(BigInt(missing))} settled and not granted`
          : settled.payments === 0
            ? 'Nothing settled yet'
            : 'For all of those payments'}
      </Figure>
      <Figure
        label="Credits outstanding"
        to="/admin/customers"
        value={<Credits value={outstanding.available + outstanding.held + outstanding.claimed} />}
      >
        In all {outstanding.book} wallets
        {outstanding.held > 0n ? (
          <>
            , <Credits value={outstanding.held} /> held
          </>
        ) : null}
        {outstanding.debt > 0n ? (
          <>
            , <Credits value={outstanding.debt} className="text-bad" /> owed
          </>
        ) : null}
      </Figure>
    </div>
  );
}

/** Every other currency of today, then the last thirty days. */
function Revenue({ revenue, since }: { revenue: OverviewView['revenue']; since: string }) {
  if (revenue.length === 0) return <>No money in thirty days</>;
  return (
    <span className="flex flex-wrap gap-x-3">
      {revenue
        .slice(1)
        .map(({ currency, today }) =>
          today === 0n ? null : <Amount key={currency} minor={today} currency={currency} />,
        )}
      <span title={`Since ${since}`}>
        {revenue.map(({ currency, month }, n) => (
          <span key={currency}>
            {n === 0 ? '' : ' + '}
            <Amount minor={month} currency={currency} />
          </span>
        ))}{' '}
        in 30 days
      </span>
    </span>
  );
}

const DUE_DISPUTES = `/admin/disputes?${DISPUTE_ANSWERABLE.map((status) => `status=${status}`).join('&')}`;

/** What may need somebody; a dot beside a number says that it does. */
export function TroubleFigures({ view }: { view: OverviewView }) {
  const { failed, inReview, events, deliveries, unknownCalls, caughtUp, today } = view;
  const { approvals, disputes, findings } = view;
  return (
    <div className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5">
      <Figure
        label="Open approvals"
        to="/admin/approvals"
        value={countWords(approvals)}
        tone={toneWhen(approvals, 'warn')}
      >
        {approvals.n === 0 ? 'Nobody waits' : 'Wait for a second person'}
      </Figure>
      <Figure
        label="Disputes due"
        to={DUE_DISPUTES}
        value={countWords(disputes.due)}
        tone={toneWhen(disputes.due, 'bad')}
      >
        {disputes.nextDueBy === undefined ? (
          'None to answer'
        ) : (
          <>
            The next one <TimeAgo at={disputes.nextDueBy} />
          </>
        )}
      </Figure>
      <Figure
        label="Findings"
        to="/admin/reconciliation?state=open&state=repairing"
        value={countWords(findings.open)}
        tone={toneWhen(findings.open, 'warn')}
      >
        {findings.open.n === 0 ? 'Everything agrees' : 'Differences to look at'}
      </Figure>
      <Figure
        label="In review"
        to="/admin/payments?state=review"
        value={countWords(inReview)}
        tone={toneWhen(inReview, 'warn')}
      >
        {inReview.n === 0 ? 'Nothing to decide' : 'Settled, and to be decided'}
      </Figure>
      <Figure
        label="Dead letters"
        to="/admin/webhooks/events?status=dead"
        value={countWords(events.dead)}
        tone={toneWhen(events.dead, 'bad')}
      >
        Events that failed for good
      </Figure>
      <Figure
        label="Quarantined"
        to="/admin/webhooks/events?status=quarantined"
        value={countWords(events.quarantined)}
        tone={toneWhen(events.quarantined, 'warn')}
      >
        Ours, and not understood
      </Figure>
      <Figure
        label="Unknown calls"
        to="/admin/webhooks/calls?state=open"
        value={countWords(unknownCalls)}
        tone={toneWhen(unknownCalls, 'warn')}
      >
        To Stripe, not answered yet
      </Figure>
      <Figure
        label="Refused today"
        to={`/admin/webhooks?${REFUSED_QUERY}&since=${today}`}
        value={countWords(deliveries.refused)}
        tone={toneWhen(deliveries.refused, 'bad')}
      >
        Of {countWords(deliveries.today)} deliveries
      </Figure>
      <Figure
        label="Caught up today"
        to={`/admin/webhooks/events?source=catch_up&since=${today}`}
        value={countWords(caughtUp.today)}
        tone={toneWhen(caughtUp.today, 'warn')}
      >
        {caughtUp.reader === undefined ? (
          'Stripe’s list was not read yet'
        ) : (
          <>
            Looked <TimeAgo at={caughtUp.reader.ranAt} />
          </>
        )}
      </Figure>
      <Figure
        label="Failed today"
        to={`/admin/payments?state=failed&since=${today}`}
        value={countWords(failed)}
      >
        Payments that did not go through
      </Figure>
    </div>
  );
}
