import { TimeAgo } from '~/components/ui/time';
import { type LatencyView, type OverviewView } from '~/modules/admin/shared';
import { formatCredits } from '~/platform/money';
import { countWords } from './count-words';
import { Figure } from './figure';
import { tookWords } from './state-badges';

/** How fast money becomes credits, and what waits. */
export function SpeedFigures({ view }: { view: OverviewView }) {
  const { latency, oldestUnprocessed: oldest, events, today } = view;
  const waiting = countWords({
    n: events.queued.n + events.waiting.n,
    isExact: events.queued.isExact && events.waiting.isExact,
  });
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      <Latency
        label="Payment’s event to credits"
        latency={latency.credited}
        to={`/admin/payments?settled=${today}`}
        noun="of today’s newest payments"
      />
      <Latency
        label="Event to decision"
        latency={latency.decided}
        to={`/admin/webhooks/events?since=${today}`}
        noun="of today’s newest events"
      />
      <Figure
        label="Oldest unprocessed event"
        to={
          oldest === undefined
            ? '/admin/webhooks/events?status=queued&status=waiting'
            : `/admin/webhooks/events/${oldest.id}`
        }
        value={
          oldest === undefined ? 'None' : <TimeAgo at={oldest.receivedAt} className="whitespace-nowrap" />
        }
      >
        {oldest === undefined ? 'Everything received is processed' : `${oldest.type}; ${waiting} wait`}
      </Figure>
    </div>
  );
}

interface LatencyProps {
  label: string;
  latency: LatencyView | undefined;
  to: string;
  noun: string;
}

function Latency({ label, latency, to, noun }: LatencyProps) {
  return (
    <Figure
      label={label}
      to={to}
      value={
        latency === undefined ? (
          '–'
        ) : (
          <>
            {tookWords(latency.p50)}
            <span className="flex flex-wrap gap-x-2 text-sm font-normal text-text-muted">
              <span>p95 {tookWords(latency.p95)}</span>
              <span>p99 {tookWords(latency.p99)}</span>
            </span>
          </>
        )
      }
    >
      {latency === undefined
        ? 'Nothing to measure today'
        : `Middle of ${formatCredits(BigInt(latency.n))} ${noun}`}
    </Figure>
  );
}
