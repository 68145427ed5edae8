import { Link } from '@remix-run/react';
import { type KeyboardEvent, useRef } from 'react';
import { formatCredits } from '~/platform/money';

export interface DayBar {
  day: string;
  value: number;
  /** What should have followed from the value: drawn as a line across the bar, at its top when all of it did. */
  followed?: number | undefined;
  /** The list behind the day. */
  to: string;
}

export interface DayChartProps {
  label: string;
  /** What is counted: "payments settled". */
  noun: string;
  /** What `followed` counts: "granted". */
  followedNoun?: string | undefined;
  tone: 'accent' | 'warn' | 'bad';
  bars: readonly DayBar[];
  /** What a bar stands for, where that is not a day. */
  span?: BarSpan | undefined;
}

export interface BarSpan {
  /** "hours" */
  noun: string;
  /** What the last bar is called: "Now". */
  last: string;
  nameOf: (bar: string) => string;
}

const FILL = { accent: 'fill-accent', warn: 'fill-warn', bad: 'fill-bad' } as const;

const HEIGHT = 96;
const STEP = 10;
const BAR = 7;
/** A day with something on it is seen, however small beside the others. */
const LEAST = 2;

const shortDay = (day: string) =>
  new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
const number = (n: number) => formatCredits(BigInt(n));

const DAYS: BarSpan = { noun: 'days', last: 'Today', nameOf: (day) => shortDay(day) };

/** Days as bars, each a link to its list. One is in the order of Tab; arrow keys walk the others. */
export function DayChart({ label, noun, followedNoun, tone, bars, span = DAYS }: DayChartProps) {
  const chart = useRef<SVGSVGElement>(null);
  const most = Math.max(0, ...bars.map(({ value, followed = 0 }) => Math.max(value, followed)));
  const peak = bars.reduce<DayBar | undefined>(
    (top, bar) => (top === undefined || bar.value > top.value ? bar : top),
    undefined,
  );
  const sum = (of: (bar: DayBar) => number) => number(bars.reduce((all, bar) => all + of(bar), 0));
  const heightOf = (value: number) => (value === 0 ? 0 : Math.max(LEAST, (value / most) * (HEIGHT - 4)));

  function walk(event: KeyboardEvent<SVGSVGElement>) {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const links = [...(chart.current?.querySelectorAll<SVGAElement>('a') ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    const next = links[at + step];
    if (step === 0 || at === -1 || next === undefined) return;
    event.preventDefault();
    next.focus();
  }

  return (
    <figure className="min-w-0">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4 pb-3 text-xs text-text-muted">
        <span>
          <span className="figures font-medium text-text">{sum(({ value }) => value)}</span> {noun}
          {followedNoun === undefined ? null : (
            <>
              , <span className="figures font-medium text-text">{sum(({ followed = 0 }) => followed)}</span>{' '}
              {followedNoun}
            </>
          )}{' '}
          in {bars.length} {span.noun}
        </span>
        <span className="figures">
          {peak === undefined || peak.value === 0
            ? ''
            : `Most: ${number(peak.value)} on ${span.nameOf(peak.day)}`}
        </span>
      </figcaption>
      <svg
        ref={chart}
        role="group"
        aria-label={label}
        viewBox={`0 0 ${bars.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        onKeyDown={walk}
        className="block h-24 w-full border-b"
      >
        {bars.map((bar, n) => (
          <Bar
            key={bar.day}
            bar={bar}
            said={saidOf(bar, span.nameOf(bar.day), noun, followedNoun)}
            fill={FILL[tone]}
            x={n * STEP}
            height={heightOf(bar.value)}
            line={bar.followed === undefined ? 0 : heightOf(bar.followed)}
            isInTabOrder={n === bars.length - 1}
          />
        ))}
      </svg>
      <div className="figures flex justify-between pt-1 text-2xs text-text-muted">
        <span>{bars[0] === undefined ? '' : span.nameOf(bars[0].day)}</span>
        <span>{span.last}</span>
      </div>
    </figure>
  );
}

function saidOf(
  { value, followed }: DayBar,
  name: string,
  noun: string,
  followedNoun: string | undefined,
): string {
  const then = followedNoun === undefined ? '' : `, ${number(followed ?? 0)} ${followedNoun}`;
  return `${name}: ${number(value)} ${noun}${then}`;
}

interface BarProps {
  bar: DayBar;
  said: string;
  fill: string;
  x: number;
  height: number;
  /** Where the line across the bar is; 0 for none. */
  line: number;
  isInTabOrder: boolean;
}

function Bar({ bar, said, fill, x, height, line, isInTabOrder }: BarProps) {
  const left = x + (STEP - BAR) / 2;
  return (
    <Link to={bar.to} aria-label={said} tabIndex={isInTabOrder ? 0 : -1} className="group/bar">
      <title>{said}</title>
      <rect
        x={x}
        y={0}
        width={STEP}
        height={HEIGHT}
        className="fill-transparent group-hover/bar:fill-surface-hover group-focus-visible/bar:fill-surface-hover"
      />
      {height === 0 ? (
        <rect x={left} y={HEIGHT - 1} width={BAR} height={1} className="fill-line-strong" />
      ) : (
        <rect x={left} y={HEIGHT - height} width={BAR} height={height} className={fill} />
      )}
      {line === 0 ? null : <rect x={x} y={HEIGHT - line - 1} width={STEP} height={2} className="fill-text" />}
    </Link>
  );
}
