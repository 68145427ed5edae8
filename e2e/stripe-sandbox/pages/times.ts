import { DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS } from '../durations';
import { html, type Markup } from './html';

const STEPS = [
  { limit: MINUTE_SECONDS, seconds: 1, unit: 's' },
  { limit: HOUR_SECONDS, seconds: MINUTE_SECONDS, unit: 'min' },
  { limit: DAY_SECONDS, seconds: HOUR_SECONDS, unit: 'h' },
  { limit: Number.POSITIVE_INFINITY, seconds: DAY_SECONDS, unit: 'd' },
];

/** `12 s ago`, `in 5 min`. Both times in milliseconds. */
export function relativeTime(at: number, now: number): string {
  const distance = Math.round(Math.abs(now - at) / 1000);
  if (distance < 1) return 'just now';
  const step = STEPS.find((candidate) => distance < candidate.limit);
  const words = step ? `${Math.floor(distance / step.seconds)} ${step.unit}` : `${distance} s`;
  return at > now ? `in ${words}` : `${words} ago`;
}

/** A moment in seconds, as Stripe writes it: relative in the text, exact in UTC on hover. */
export function timeTag(seconds: number, now: number = Date.now()): Markup {
  const iso = new Date(seconds * 1000).toISOString();
  const exact = `${iso.slice(0, 19).replace('T', ' ')} UTC`;
  return html`<time datetime="${iso}" title="${exact}">${relativeTime(seconds * 1000, now)}</time>`;
}

export function exactTime(seconds: number): Markup {
  const iso = new Date(seconds * 1000).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

/** `November 21, 2026`, by UTC. */
export function longDate(seconds: number): string {
  return LONG_DATE.format(seconds * 1000);
}

const LONG_DATE = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' });
