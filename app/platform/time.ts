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
