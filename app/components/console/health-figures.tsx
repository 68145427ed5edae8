import { Link } from '@remix-run/react';
import { classes } from '~/components/ui/classes';
import { type BookHealth, type HealthView } from '~/modules/metrics/shared';
import { formatCredits } from '~/platform/money';
import { durationWords } from './alert-words';
import { Figure } from './figure';

const number = (n: number) => formatCredits(BigInt(Math.round(n)));
const WAITING = '/admin/webhooks/events?status=queued&status=waiting';

/** The first signal: for how long somebody who paid may have been waiting. */
export function FirstSignal({ paid }: { paid: HealthView['paid'] }) {
  const isLate = paid.oldestSeconds >= 60;
  return (
    <Link
      to={WAITING}
      prefetch="intent"
      className={classes(
        'block rounded border bg-surface-raised px-6 py-5 shadow-card transition-colors hover:bg-surface-hover',
        isLate && 'border-bad',
      )}
    >
      <span className="block text-sm text-text-muted">Oldest paid event that is not processed</span>
      <span className={classes('figures my-1 block text-3xl font-semibold', isLate && 'text-bad')}>
        {paid.n === 0 ? 'None waits' : durationWords(paid.oldestSeconds)}
      </span>
      <span className="block text-sm text-text-muted">
        {paid.n === 0
          ? 'Everybody who paid has their credits, or is in review.'
          : `${number(paid.n)} ${paid.n === 1 ? 'event' : 'events'} that can settle money ${paid.n === 1 ? 'waits' : 'wait'}.`}
      </span>
    </Link>
  );
}

/** What else tells how the installation is. Each number opens the list behind it. */
export function HealthFigures({ view, present }: { view: HealthView; present: 'test' | 'live' }) {
  const { events, workers, jobs, openCalls } = view;
  const book = view.books.find((one) => one.book === present);
  const isAway = view.caughtUpSeconds === undefined || view.caughtUpSeconds > 15 * 60;
  return (
    <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
      <Figure
        label="Workers alive"
        to="/admin/health#alerts"
        value={number(workers.live)}
        tone={workers.live === 0 ? 'bad' : undefined}
      >
        {workers.lastSeconds === undefined
          ? 'None has run within a week'
          : `Last word ${durationWords(workers.lastSeconds)} ago`}
      </Figure>
      <Figure label="Events waiting" to={WAITING} value={number(events.queued + events.waiting)}>
        {events.oldestSeconds === 0
          ? 'Everything received is processed'
          : `Oldest ${durationWords(events.oldestSeconds)}`}
      </Figure>
      <Figure
        label="Dead and quarantined"
        to="/admin/dead-letters"
        value={number(events.dead + events.quarantined)}
        tone={events.dead > 0 ? 'bad' : events.quarantined > 0 ? 'warn' : undefined}
      >
        {number(events.dead)} dead, {number(events.quarantined)} wait for a person
      </Figure>
      <Figure
        label="Payments in review"
        to="/admin/payments?state=review"
        value={number(view.inReview)}
        tone={view.inReview > 0 ? 'warn' : undefined}
      >
        Settled, and held for a person
      </Figure>
      {book === undefined ? null : <Consistency book={book} />}
      {book === undefined ? null : <Outgoing book={book} />}
      <Figure
        label="Calls to Stripe without an outcome"
        to="/admin/webhooks/calls?state=open"
        value={number(openCalls.n)}
        tone={openCalls.oldestSeconds > 3600 ? 'warn' : undefined}
      >
        {openCalls.n === 0 ? 'Every call was answered' : `Oldest ${durationWords(openCalls.oldestSeconds)}`}
      </Figure>
      <Figure
        label="Stripe’s list read"
        to="/admin/webhooks/events?source=catch_up"
        value={view.caughtUpSeconds === undefined ? 'Not yet' : `${durationWords(view.caughtUpSeconds)} ago`}
        tone={isAway ? 'warn' : undefined}
      >
        {number(jobs.ready)} jobs ready, {number(jobs.retrying)} retried, {number(jobs.failed)} failed
      </Figure>
    </div>
  );
}

function Consistency({ book: { verified } }: { book: BookHealth }) {
  return (
    <Figure
      label="Ledger"
      to="/admin/finance"
      value={verified === undefined ? 'Not yet verified' : verified.isConsistent ? 'Consistent' : 'At odds'}
      tone={verified?.isConsistent === false ? 'bad' : undefined}
    >
      {verified === undefined
        ? 'It is after each UTC day'
        : `${number(verified.faults)} faults, verified ${durationWords(verified.ageSeconds)} ago`}
    </Figure>
  );
}

function Outgoing({ book }: { book: BookHealth }) {
  return (
    <Figure
      label="Messages to the product waiting"
      to="/admin/webhooks/outgoing?state=pending"
      value={number(book.pendingSendings)}
      tone={book.failedSendings > 0 ? 'warn' : undefined}
    >
      {number(book.failedSendings)} given up
      {book.pendingSendings === 0 ? '' : `; oldest ${durationWords(book.oldestSendingSeconds)}`}
    </Figure>
  );
}
