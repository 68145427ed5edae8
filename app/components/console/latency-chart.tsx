import { Link } from '@remix-run/react';
import { type HourView } from '~/modules/metrics/shared';
import { tookWords } from './state-badges';

const WIDTH = 360;
const HEIGHT = 120;

/** Told apart by their dashes as well, for who sees no colours. */
const LINES = [
  { of: 'p99', label: 'p99', dash: '2 3', tone: 'stroke-bad' },
  { of: 'p95', label: 'p95', dash: '6 3', tone: 'stroke-warn' },
  { of: 'p50', label: 'p50', dash: undefined, tone: 'stroke-accent' },
] as const;

/** The middle and the tail of how long events took, hour by hour, on a scale of tens. Each hour opens its events. */
export function LatencyChart({
  hours,
  nameOf,
}: {
  hours: readonly HourView[];
  nameOf: (hour: string) => string;
}) {
  const last = hours.findLast(({ n }) => n > 0);
  if (last === undefined)
    return <p className="py-6 text-text-muted">No event was decided within {hours.length} hours.</p>;
  const most = Math.max(10, ...hours.map(({ p99 }) => p99 ?? 0));
  const step = WIDTH / Math.max(1, hours.length);
  const y = (ms: number) =>
    HEIGHT - (Math.log10(Math.max(1, ms)) / Math.log10(most * 1.2)) * (HEIGHT - 4) - 2;
  const points = (of: (typeof LINES)[number]['of']) =>
    hours.flatMap((hour, n) => {
      const ms = hour[of];
      return ms === null ? [] : [`${n * step + step / 2},${y(ms)}`];
    });
  return (
    <figure className="min-w-0">
      <figcaption className="flex flex-wrap items-baseline gap-x-4 pb-3 text-xs text-text-muted">
        {LINES.map(({ of, label, dash, tone }) => (
          <span key={of} className="inline-flex items-center gap-1">
            <svg aria-hidden width="20" height="6" className="shrink-0">
              <line x1="0" y1="3" x2="20" y2="3" strokeWidth="2" strokeDasharray={dash} className={tone} />
            </svg>
            {label} <span className="figures font-medium text-text">{tookWords(last[of] ?? 0)}</span>
          </span>
        ))}
        <span>in the hour of {nameOf(last.hour)}</span>
      </figcaption>
      <svg
        role="group"
        aria-label="From an event’s receipt to its decision, by the hour it came in"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="block h-32 w-full border-b"
      >
        {LINES.map(({ of, dash, tone }) => (
          <polyline
            key={of}
            points={points(of).join(' ')}
            fill="none"
            strokeWidth="2"
            strokeDasharray={dash}
            strokeLinejoin="round"
            strokeLinecap="round"
            vectorEffect="non-scaling-stroke"
            className={tone}
          />
        ))}
        {hours.map((hour, n) => (
          <Link
            key={hour.hour}
            to={`/admin/webhooks/events?since=${hour.hour.slice(0, 10)}&until=${hour.hour.slice(0, 10)}`}
            tabIndex={-1}
            aria-label={saidOf(hour, nameOf(hour.hour))}
          >
            <title>{saidOf(hour, nameOf(hour.hour))}</title>
            {LINES.map(({ of, tone }) => {
              const ms = hour[of];
              const x = n * step + step / 2;
              // A line of no length with round ends: a point that stays round however the chart is stretched.
              return ms === null ? null : (
                <line
                  key={of}
                  {...{ x1: x, x2: x + 0.01, y1: y(ms), y2: y(ms) }}
                  strokeWidth="5"
                  strokeLinecap="round"
                  vectorEffect="non-scaling-stroke"
                  className={tone}
                />
              );
            })}
            <rect x={n * step} y={0} width={step} height={HEIGHT} className="fill-transparent" />
          </Link>
        ))}
      </svg>
      <div className="figures flex justify-between pt-1 text-2xs text-text-muted">
        <span>{hours[0] === undefined ? '' : nameOf(hours[0].hour)}</span>
        <span>Now</span>
      </div>
    </figure>
  );
}

const saidOf = ({ n, p50, p95, p99 }: HourView, name: string): string =>
  p50 === null
    ? `${name}: no event`
    : `${name}: ${n} events, p50 ${tookWords(p50)}, p95 ${tookWords(p95 ?? p50)}, p99 ${tookWords(p99 ?? p50)}`;
