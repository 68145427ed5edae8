/** Durations in milliseconds, so that no bare number stands in the code. */
export const seconds = (n: number) => n * 1000;
export const minutes = (n: number) => seconds(n * 60);
export const hours = (n: number) => minutes(n * 60);
export const days = (n: number) => hours(n * 24);

/** Stripe's clock: whole seconds since 1970. */
export const fromUnix = (unixSeconds: number) => new Date(seconds(unixSeconds));

/** Stripe's unit of time: whole seconds, rounded down. */
export const toUnix = (at: Date) => Math.floor(at.getTime() / 1000);

/** The UTC day of a time, such as 2026-11-21. */
export const utcDay = (at: Date) => at.toISOString().slice(0, 10);

/** An instant to the microsecond in one form: `2026-11-21T18:00:00.000000Z`. A Date would cut it to milliseconds. */
export type Instant = string;

const WRITTEN = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(?:\.(\d{1,6}))?(Z|[+\- ]\d\d:\d\d)$/;

/**
 * Reads ISO 8601 with its offset, such as `2026-11-21T19:00:00.5+01:00`; undefined for anything else, a day that no
 * calendar has included. A space before the offset is a plus that was not escaped in an address.
 */
export function parseInstant(text: string): Instant | undefined {
  const parts = WRITTEN.exec(text);
  if (parts === null) return undefined;
  const [, minute = '', second = ':00', fraction = '', offset = ''] = parts;
  const local = Date.parse(`${minute}${second}Z`);
  const at = Date.parse(`${minute}${second}${offset.replace(' ', '+')}`);
  if (Number.isNaN(at) || !new Date(local).toISOString().startsWith(minute)) return undefined;
  const [utc = ''] = new Date(at).toISOString().split('.');
  return /^(?!0000)\d{4}-/.test(utc) ? `${utc}.${fraction.padEnd(6, '0')}Z` : undefined;
}
